import { scaleLinear } from 'd3-scale';
import { curveStepAfter, line } from 'd3-shape';
import { html, trusted, type Html } from '../escape/html';
import { requestNumber } from '../results/request-number';
import type { Trajectory, TrajectoryPoint } from '../results/sections';
import { bottomAxis, drawing, frame, leftAxis, legend, round, thinOut, type LegendItem } from './svg';

const MOST_POINTS = 1500;

type Counted = 'recorded' | 'answered' | 'expected' | 'capacity';

/** In the order of drawing: the widest line lies at the bottom, so that lines that agree are all seen. */
const SERIES: readonly (LegendItem & { readonly of: Counted })[] = [
  { of: 'expected', className: 'line expected', label: 'expected by the model' },
  { of: 'recorded', className: 'line recorded', label: 'recorded' },
  { of: 'answered', className: 'line answered', label: 'answered' },
];

/** The count after each request against the thresholds and the capacity. Lines break where there was no count. */
export function trajectoryChart(trajectory: Trajectory, id = 'trajectory-chart'): Html {
  const points = thinOut(trajectory.points, MOST_POINTS);
  const area = frame(360);
  const numbers = requestNumber(trajectory);
  const last = Math.max(1, trajectory.points.at(-1)?.index ?? 0);
  const x = scaleLinear([points[0]?.index ?? 0, last].map(numbers), [area.left, area.right]);
  const at = (index: number): number => x(numbers(index));
  const y = scaleLinear([0, highest(trajectory)], [area.bottom, area.top]).nice();
  const shown = SERIES.filter(({ of }) => points.some((point) => countOf(point, of) !== null));
  const path = (of: Counted): string =>
    line<TrajectoryPoint>()
      .defined((point) => countOf(point, of) !== null)
      .x((point) => round(at(point.index)))
      .y((point) => round(y(countOf(point, of) ?? 0)))
      .curve(curveStepAfter)(points) ?? '';
  const dots = points.length <= 130 ? points : [];
  const content = html`${bottomAxis(
    area,
    integers(x.ticks(8)).map((tick) => ({ at: x(tick), label: String(tick) })),
    'request',
  )}${leftAxis(
    area,
    integers(y.ticks(6)).map((tick) => ({ at: y(tick), label: String(tick) })),
    'machines counted',
  )}${trajectory.thresholds.map((threshold) => level(area, y(threshold), `threshold ${threshold}`, 'threshold'))}${capacity(trajectory, area, y, path)}${shown.map(({ of, className }) => html`<path class="${className}" d="${trusted(path(of))}"/>`)}${dots.map((point) => dot(point, numbers(point.index), x, y))}${difference(trajectory, area, at, y)}`;
  return html`${legend([...shown, { className: 'line threshold', label: 'threshold' }, { className: 'line capacity', label: 'capacity' }])}<div class="scroll" tabindex="0" role="region" aria-label="Count chart">${drawing(id, area, 'Count after each request', describe(trajectory), content)}</div>`;
}

type Scale = (value: number) => number;

function countOf(point: TrajectoryPoint, of: Counted): number | null {
  return point[of] ?? null;
}

function highest({ points, thresholds, capacity: most }: Trajectory): number {
  let top = Math.max(10, most ?? 0, ...thresholds);
  for (const { recorded, answered, expected, capacity: places } of points) {
    top = Math.max(top, recorded ?? 0, answered ?? 0, expected ?? 0, places ?? 0);
  }
  return top * 1.04;
}

function integers(ticks: readonly number[]): number[] {
  return ticks.filter((tick) => Number.isInteger(tick));
}

function level(area: ReturnType<typeof frame>, at: number, label: string, className: string): Html {
  return html`<line class="line ${className}" x1="${area.left}" x2="${area.right}" y1="${round(at)}" y2="${round(at)}"/><text class="level-label" x="${area.right - 4}" y="${round(at) - 4}" text-anchor="end">${label}</text>`;
}

/** The host's places after each request where the model says them, else the one capacity. */
function capacity(
  trajectory: Trajectory,
  area: ReturnType<typeof frame>,
  y: Scale,
  path: (of: Counted) => string,
): Html {
  const most = trajectory.capacity;
  if (!trajectory.points.some((point) => countOf(point, 'capacity') !== null)) {
    return most === null ? html`` : level(area, y(most), `capacity ${most}`, 'capacity');
  }
  const end = trajectory.points.at(-1)?.capacity ?? most ?? 0;
  return html`<path class="line capacity" d="${trusted(path('capacity'))}"/><text class="level-label" x="${area.right - 4}" y="${round(y(end)) - 9}" text-anchor="end">capacity ${end}</text>`;
}

function dot(point: TrajectoryPoint, number: number, x: Scale, y: Scale): Html {
  if (point.answered === null) return html``;
  const wrong = point.expected !== null && point.expected !== point.answered;
  return html`<circle class="dot${wrong ? ' wrong' : ''}" cx="${round(x(number))}" cy="${round(y(point.answered))}" r="${wrong ? 5 : 2.5}"><title>request ${number}, ${point.sent}: answered ${point.answered}, expected ${point.expected ?? 'unknown'}${point.recorded === null ? '' : `, recorded ${point.recorded}`}</title></circle>`;
}

function difference(
  { firstDifference, points }: Trajectory,
  area: ReturnType<typeof frame>,
  x: Scale,
  y: Scale,
): Html {
  if (firstDifference === undefined) return html``;
  const at = round(x(firstDifference.index));
  const point = points.find(({ index }) => index === firstDifference.index);
  const height = round(y(point?.answered ?? 0));
  const leftward = at > (area.left + area.right) / 2;
  return html`<g class="difference"><line x1="${at}" x2="${at}" y1="${area.top}" y2="${area.bottom}"/><circle cx="${at}" cy="${height}" r="7"/><text x="${at + (leftward ? -8 : 8)}" y="${area.top + 10}" text-anchor="${leftward ? 'end' : 'start'}">first difference</text></g>`;
}

function describe(trajectory: Trajectory): string {
  const { requests, points, capacity: most, firstDifference } = trajectory;
  const end = points.at(-1);
  const said = [
    `${requests} requests.`,
    end === undefined
      ? 'No counts.'
      : `After the last: answered ${end.answered ?? 'nothing'}, expected ${end.expected ?? 'unknown'}${end.recorded === null ? '' : `, recorded ${end.recorded}`}.`,
    most === null ? '' : `Capacity ${most}.`,
    firstDifference === undefined
      ? 'Answered and expected counts never differ.'
      : `First difference at request ${requestNumber(trajectory)(firstDifference.index)}: ${firstDifference.message}`,
  ];
  return said.filter((part) => part !== '').join(' ');
}
