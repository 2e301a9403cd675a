import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { html, type Html, trusted } from '../../reports/escape/html';
import { bottomAxis, drawing, frame, leftAxis, round } from '../../reports/charts/svg';
import { page } from '../../reports/html/page';
import { formatNumber, type Goal } from '../section';
import { median } from './figures';
import type { BenchRecord } from './record';

interface Point {
  readonly commit: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
}

interface Series {
  readonly what: string;
  readonly unit: string;
  readonly goal: Goal | undefined;
  readonly points: readonly Point[];
}

/** A page of every figure over the commits it was measured at, in the style of the reports. One file, which loads nothing. */
export function historyPage(history: readonly BenchRecord[]): string {
  const sections = [...new Set(history.flatMap(({ figures }) => figures.map(({ section }) => section)))];
  const main = html`${sections.map(
    (section) =>
      html`<h2 id="${section}">${section}</h2>${seriesOf(history, section).map((series, index) => chart(series, `${section}-${index}`))}`,
  )}${table(history)}`;
  const header = html`<h1>kmsspec</h1><p>What <code>npm run bench</code> measured, by commit. Each dot is the median of the runs, the bar behind it the least and the most. A dashed line is the goal.</p>`;
  return page(
    'kmsspec: the history of the bench',
    header,
    main,
    html`<p>Measurements: ${history.length}.</p>`,
  );
}

function seriesOf(history: readonly BenchRecord[], section: string): Series[] {
  const byName = new Map<string, { unit: string; goal: Goal | undefined; points: Point[] }>();
  for (const { commit, figures } of history) {
    for (const { what, unit, values, goal } of figures.filter((figure) => figure.section === section)) {
      const series = byName.get(what) ?? { unit, goal, points: [] };
      const [least, most] = [Math.min(...values), Math.max(...values)];
      series.points.push({ commit, value: median(values), least, most });
      byName.set(what, { ...series, goal });
    }
  }
  return [...byName].map(([what, series]) => ({ what, ...series }));
}

function chart({ what, unit, goal, points }: Series, id: string): Html {
  const area = frame(200);
  const wanted = goal?.atLeast ?? goal?.atMost;
  const highest = Math.max(...points.map(({ most }) => most), wanted ?? 0);
  const y = scaleLinear([0, highest * 1.1 || 1], [area.bottom, area.top]);
  const x = scaleLinear([-0.5, points.length - 0.5], [area.left, area.right]);
  const path = line<Point>()
    .x((_, index) => round(x(index)))
    .y(({ value }) => round(y(value)))(points as Point[]);
  const every = Math.ceil(points.length / 10);
  const ticks = points.flatMap(({ commit }, index) =>
    index % every === 0 ? [{ at: x(index), label: commit.slice(0, 8) }] : [],
  );
  const content = html`${bottomAxis(area, ticks, 'commit')}${leftAxis(
    area,
    y.ticks(4).map((tick) => ({ at: y(tick), label: formatNumber(tick) })),
    unit === '' ? 'ratio' : unit,
  )}${points.map(
    ({ least, most }, index) =>
      html`<line class="line expected" x1="${round(x(index))}" x2="${round(x(index))}" y1="${round(y(least))}" y2="${round(y(most))}"/>`,
  )}${wanted === undefined ? '' : html`<line class="threshold" x1="${area.left}" x2="${area.right}" y1="${round(y(wanted))}" y2="${round(y(wanted))}"/>`}<path class="line answered" d="${trusted(path ?? '')}"/>${points.map(
    ({ commit, value, least, most }, index) =>
      html`<circle class="dot" cx="${round(x(index))}" cy="${round(y(value))}" r="4"><title>${commit}: ${formatNumber(value)} ${unit}, ${formatNumber(least)} to ${formatNumber(most)}</title></circle>`,
  )}`;
  const last = points.at(-1)!;
  const told = `${points.length} ${points.length === 1 ? 'measurement' : 'measurements'}, the last ${`${formatNumber(last.value)} ${unit}`.trim()}${wanted === undefined ? '' : `, goal ${goal?.atLeast === undefined ? 'at most' : 'at least'} ${formatNumber(wanted)}`}.`;
  return html`<h3>${what}</h3><p>${told}</p><div class="scroll" tabindex="0" role="region" aria-label="${what}">${drawing(id, area, what, told, content)}</div>`;
}

function table(history: readonly BenchRecord[]): Html {
  return html`<h2 id="measured">Where it was measured</h2><div class="scroll" tabindex="0" role="region" aria-label="Where it was measured"><table><thead><tr><th scope="col">Commit</th><th scope="col">Date</th><th scope="col">Node</th><th scope="col">Machine</th><th scope="col">Load</th></tr></thead><tbody>${history.map(
    ({ commit, date, node, machine, load }) =>
      html`<tr><td>${commit}</td><td>${date.slice(0, 16)}</td><td>${node}</td><td>${machine}</td><td>${load}</td></tr>`,
  )}</tbody></table></div>`;
}
