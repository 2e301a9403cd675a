import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import { html, trusted, type Html } from '../escape/html';
import { histogramOf } from '../results/latency';
import type { Latency, LatencySeries } from '../results/sections';
import { formatDuration } from '../results/wording';
import { bottomAxis, drawing, frame, leftAxis, legend, round } from './svg';

/** Percentiles that the axis names, as far as the run has values for them. */
const NAMED = [0, 50, 75, 90, 99, 99.9, 99.99, 99.999, 99.9999];

/** From this ratio of the slowest to the median on, the vertical axis is logarithmic. */
const LOGARITHMIC_FROM = 30;

/** Latency by percentile, the slow end drawn out: the horizontal axis is logarithmic in 1 / (1 - percentile). */
export function percentileChart(latency: Latency, id = 'latency-chart'): Html {
  const area = frame(340);
  const most = Math.max(10, ...latency.series.map(({ count }) => count));
  const x = scaleLog([1, most], [area.left, area.right]).clamp(true);
  const y = verticalScale(latency.series, area.top, area.bottom);
  const rank = (percentile: number): number => Math.min(most, 1 / Math.max(1 - percentile / 100, 1 / most));
  const named = NAMED.filter((percentile) => percentile === 0 || 1 / (1 - percentile / 100) <= most);
  const path = (series: LatencySeries): string =>
    line<Point>()
      .x(({ percentile }) => round(x(rank(percentile))))
      .y(({ ms }) => round(y.scale(Math.max(ms, y.least))))(curveOf(series)) ?? '';
  const content = html`${bottomAxis(
    area,
    named.map((percentile) => ({
      at: x(rank(percentile)),
      label: percentile === 0 ? '0' : `${percentile} %`,
    })),
    'percentile of the requests',
  )}${leftAxis(
    area,
    y.ticks.map((tick) => ({ at: y.scale(tick), label: formatDuration(tick) })),
    y.logarithmic ? 'latency, logarithmic' : 'latency',
  )}${latency.series.map((series, index) => html`<path class="line series-${index % 4}" d="${trusted(path(series))}"/>`)}${budgetMarks(latency, (percentile) => x(rank(percentile)), y.scale)}`;
  return html`${legend(latency.series.map(({ name }, index) => ({ className: `line series-${index % 4}`, label: name })))}<div class="scroll" tabindex="0" role="region" aria-label="Latency chart">${drawing(id, area, 'Latency by percentile', describe(latency), content)}</div>`;
}

type Point = LatencySeries['percentiles'][number];

const MS_PER_UNIT: Readonly<Record<LatencySeries['unit'], number>> = { ns: 1e-6, us: 1e-3, ms: 1 };

/** Steps of the curve for each tenth of the slow end, so that a cliff between two named percentiles is seen as one. */
const STEPS_PER_DECADE = 40;

/** The whole curve out of the histogram; where that does not decode, the percentiles that the report tells. */
function curveOf(series: LatencySeries): Point[] {
  try {
    const histogram = histogramOf(series);
    const steps = Math.ceil(Math.log10(Math.max(10, series.count)) * STEPS_PER_DECADE);
    return Array.from({ length: steps + 1 }, (_, index) => {
      const percentile = 100 * (1 - 10 ** (-index / STEPS_PER_DECADE));
      return { percentile, ms: histogram.getValueAtPercentile(percentile) * MS_PER_UNIT[series.unit] };
    });
  } catch {
    const told = [...series.percentiles].sort((one, other) => one.percentile - other.percentile);
    return [{ percentile: 0, ms: series.minMs }, ...told];
  }
}

interface Vertical {
  readonly scale: (ms: number) => number;
  readonly ticks: readonly number[];
  readonly logarithmic: boolean;
  /** Smallest value that can be drawn. */
  readonly least: number;
}

function verticalScale(all: readonly LatencySeries[], top: number, bottom: number): Vertical {
  const slowest = Math.max(0.001, ...all.map(({ maxMs }) => maxMs));
  const medians = all.flatMap(({ percentiles }) =>
    percentiles.filter(({ percentile }) => percentile === 50).map(({ ms }) => ms),
  );
  const median = Math.max(0.001, ...medians);
  if (slowest / median < LOGARITHMIC_FROM) {
    const scale = scaleLinear([0, slowest * 1.05], [bottom, top]).nice();
    return { scale, ticks: scale.ticks(6), logarithmic: false, least: 0 };
  }
  const least = Math.max(0.001, Math.min(...all.map(({ minMs }) => Math.max(minMs, 0.001))));
  const scale = scaleLog([least, slowest * 1.05], [bottom, top]).nice();
  const ticks = scale.ticks(6).filter((tick) => Math.abs(Math.log10(tick) % 1) < 1e-9);
  return { scale, ticks, logarithmic: true, least };
}

/** Budgets such as p99Ms as a mark where the limit meets its percentile. */
function budgetMarks(latency: Latency, x: (percentile: number) => number, y: (ms: number) => number): Html {
  const marks = (latency.budgets ?? []).flatMap(({ name, limit, held }) => {
    const percentile = /^p(\d+(?:\.\d+)?)Ms$/.exec(name)?.[1];
    return percentile === undefined ? [] : [{ name, at: x(Number(percentile)), height: y(limit), held }];
  });
  return html`${marks.map(
    ({ name, at, height, held }) =>
      html`<g class="budget${held ? '' : ' broken'}"><line x1="${round(at) - 26}" x2="${round(at) + 26}" y1="${round(height)}" y2="${round(height)}"/><text x="${round(at)}" y="${round(height) - 6}" text-anchor="middle">budget ${name}${held ? '' : ', broken'}</text></g>`,
  )}`;
}

function describe(latency: Latency): string {
  return latency.series
    .map(({ name, percentiles, maxMs, count }) => {
      const said = percentiles
        .filter(({ percentile }) => [50, 99, 99.9].includes(percentile))
        .map(({ percentile, ms }) => `${percentile} % within ${formatDuration(ms)}`);
      return `${name}, ${count} requests: ${[...said, `slowest ${formatDuration(maxMs)}`].join(', ')}.`;
    })
    .join(' ');
}
