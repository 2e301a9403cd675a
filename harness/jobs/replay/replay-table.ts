import { escapeTerminal } from '../../../reports/escape/terminal';
import { columns } from '../../../reports/text/columns';
import { type Answer, formatStatus } from '../../../protocol';
import { describeExpected } from './replay-report';
import type { ReplayRow } from './replay-row';
import type { ReplayTally } from './replay-tally';

const COLUMNS = [
  ['#', 6],
  ['sent', 22],
  ['recorded', 12],
  ['answered', 12],
  ['expected', 12],
  ['', 0],
] as const;
const WIDTHS = COLUMNS.map(([, width]) => width);

export function replayHeader(): string {
  return line(COLUMNS.map(([title]) => title));
}

/**
 * One exchange as one line: the counts, or what came instead, and whether they agree; what differs below it.
 * @param before the row before, whose note is not told again
 */
export function replayLine(row: ReplayRow, before?: ReplayRow): string {
  const { recorded, answered, failure, comparison, sent } = row;
  const came = failure === null ? brief(answered?.answer ?? null) : failure.kind;
  const { verdict, note, mustNotDiffer } = comparison;
  const remarks = { agrees: '', differs: 'DIFFERS', 'not-comparable': 'not compared' }[verdict];
  const cells = [String(recorded.index), sent, brief(recorded.answer), came, describeExpected(row), remarks];
  const details = mustNotDiffer.map(
    ({ path, recorded: before, answered: now, reason }) =>
      `${path}: recorded ${before}, answered ${now} (${reason})`,
  );
  if (note !== undefined && note !== before?.comparison.note) details.push(note);
  return [line(cells), ...details.map((detail) => `        ${escapeTerminal(detail)}`)].join('\n');
}

function brief(answer: Answer | null): string {
  if (answer === null) return 'none';
  switch (answer.kind) {
    case 'response':
      return String(answer.value.currentClientCount);
    case 'refusal':
      return formatStatus(answer.hresult);
    case 'fault':
      return `fault ${formatStatus(answer.status)}`;
    case 'sealed':
    case 'malformed':
      return answer.kind;
  }
}

/** Rows come as they are made, so that the widths are fixed. */
const line = (cells: readonly string[]): string => columns([cells], { widths: WIDTHS, gap: ' ' })[0]!;

/** The last lines: how many agree, and which fields differed as was to be expected, with the reason. */
export function replaySummary({ sent, verdicts, mayDiffer }: ReplayTally): string[] {
  const { agrees, differs, 'not-comparable': others } = verdicts;
  const lines = [
    `${sent} requests sent: ${agrees} answers agree, ${differs} differ, ${others} could not be compared`,
  ];
  if (mayDiffer.size > 0) {
    lines.push('fields that differ as expected:');
    for (const [what, times] of mayDiffer) lines.push(`  ${what}: in ${times}`);
  }
  return lines;
}
