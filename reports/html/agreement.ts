import { trajectoryChart } from '../charts/trajectory';
import { html, type Html } from '../escape/html';
import { markedPaths } from '../evidence/mark-field';
import { replayCounts, unlistedWords } from '../results/replay-counts';
import { requestNumber } from '../results/request-number';
import type { Replay, ReplayedExchange, Trajectory, TrajectoryPoint } from '../results/model';
import { pduFigures } from './hex';
import { type Rows, rowsOf, tableIn } from './table';

/** Requests that agree one after another, from so many on, are one row of the table of differences. */
const FOLDED_FROM = 3;

/** Counts against the model and a recording: what differs is open, what agrees folds. */
export function trajectoryBody(trajectory: Trajectory): Html {
  const { points, firstDifference, requests } = trajectory;
  const numbers = requestNumber(trajectory);
  const isReplay = points.some(({ recorded }) => recorded !== null);
  const head = ['Request', 'Sent', ...(isReplay ? ['Recorded'] : []), 'Answered', 'Expected', 'Note'];
  const rowOf = (point: TrajectoryPoint): Html => pointRow(point, numbers, isReplay);
  const shown = points.length < requests ? `, ${points.length} of them shown` : '';
  const told =
    firstDifference === undefined
      ? 'Every answer has the expected count.'
      : html`<strong>First difference at request ${numbers(firstDifference.index)}:</strong> ${firstDifference.message}`;
  return html`<p>${requests} requests${shown}. ${told}</p>${trajectoryChart(trajectory)}${points.every(agrees) ? undefined : tableIn('Where the counts differ', true, head, foldedRows(points, rowOf, numbers))}${tableIn('Counts as a table', false, head, rowsOf(points, rowOf))}`;
}

const agrees = ({ answered, expected, recorded }: TrajectoryPoint): boolean =>
  answered !== null &&
  (expected === null || answered === expected) &&
  (recorded === null || answered === recorded);

function foldedRows(
  points: readonly TrajectoryPoint[],
  rowOf: (point: TrajectoryPoint) => Html,
  numbers: (index: number) => number,
): Rows {
  const stretches: Stretch[] = [];
  for (let from = 0; from < points.length; ) {
    let to = from;
    while (to < points.length && agrees(points[to]!)) to++;
    if (to - from >= FOLDED_FROM) stretches.push({ from, to });
    else for (; from < to; from++) stretches.push({ from, to: from + 1 });
    if (to < points.length) stretches.push({ from: to, to: to + 1 });
    from = to + 1;
  }
  return rowsOf(stretches, ({ from, to }) =>
    to - from === 1 ? rowOf(points[from]!) : foldedRow(points.slice(from, to), numbers),
  );
}

/** Requests that are one row. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

function foldedRow(stretch: readonly TrajectoryPoint[], numbers: (index: number) => number): Html {
  const [first, last] = [stretch[0]!, stretch.at(-1)!];
  return html`<tr><td class="number">${numbers(first.index)} to ${numbers(last.index)}</td><td colspan="5">${stretch.length} requests agree: counts ${first.answered!} to ${last.answered!}</td></tr>`;
}

function pointRow(point: TrajectoryPoint, numbers: (index: number) => number, isReplay: boolean): Html {
  const { index, sent, recorded, answered, expected, note } = point;
  const cell = (count: number | null): Html => html`<td class="number">${count ?? '–'}</td>`;
  const wrong = answered !== null && expected !== null && answered !== expected;
  return html`<tr><td class="number">${numbers(index)}</td><td>${sent}</td>${isReplay ? cell(recorded) : undefined}${cell(answered)}${cell(expected)}<td>${wrong ? html`<mark>differs</mark> ` : undefined}${note ?? ''}</td></tr>`;
}

/** Recorded answers against those of the target: what differs is open with its bytes, the rest folds. */
export function replayBody(replay: Replay): Html {
  const { capture, mode, exchanges, warnings = [] } = replay;
  const counts = replayCounts(replay);
  const of = (verdict: ReplayedExchange['verdict']): ReplayedExchange[] =>
    exchanges.filter((each) => each.verdict === verdict);
  const [alike, differing, others] = [of('agrees'), of('differs'), of('not-comparable')];
  const table = (summary: string, open: boolean, rows: readonly ReplayedExchange[]): Html | undefined =>
    rows.length === 0
      ? undefined
      : tableIn(
          `${rows.length} ${rows.length === 1 ? 'exchange' : 'exchanges'} ${summary}`,
          open,
          ['Exchange', 'Sent', 'Must not differ', 'May differ', 'Equal fields'],
          rowsOf(rows, exchangeRow),
        );
  return html`<p><code>${capture}</code>${mode === undefined ? '' : `, ${mode}`}: ${counts.agrees} of ${counts.sent} answers agree with their recording, ${counts.differs} differ, ${counts['not-comparable']} cannot be compared.</p>${counts.unlisted === 0 ? undefined : html`<p>${counts.unlisted} of them are not listed here: ${unlistedWords(replay)}.</p>`}${warnings.map((warning) => html`<p>${warning}</p>`)}${table('✗ differing', true, differing)}${table('that cannot be compared', false, others)}${table('✓ agreeing', false, alike)}`;
}

function exchangeRow(exchange: ReplayedExchange): Html {
  const { index, sent, verdict, equal, mayDiffer, mustNotDiffer, note, evidence = [] } = exchange;
  const bytes =
    verdict === 'differs' && evidence.length > 0
      ? html`<details><summary>Exchange</summary>${pduFigures(
          markedPaths(
            evidence,
            mustNotDiffer.map(({ path }) => path),
          ),
        )}</details>`
      : undefined;
  return html`<tr><td class="number">${index}</td><td>${sent}${note === undefined ? undefined : html`<br><small>${note}</small>`}</td><td>${differences(mustNotDiffer)}${bytes}</td><td>${differences(mayDiffer)}</td><td class="number">${equal.length}</td></tr>`;
}

const differences = (of: ReplayedExchange['mayDiffer']): Html =>
  of.length === 0
    ? html`–`
    : html`<ul class="notes">${of.map(({ path, recorded, answered, reason }) => html`<li><code>${path}</code>: recorded <code>${recorded ?? 'nothing'}</code>, answered <code>${answered ?? 'nothing'}</code> (${reason})</li>`)}</ul>`;
