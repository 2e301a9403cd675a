import { escapeTerminal } from '../escape/terminal';
import { exitCode, type ExitOptions } from '../results/exit-code';
import { OUTCOMES } from '../results/levels';
import type { Report, Result } from '../results/model';
import {
  decides,
  decidingLevels,
  failuresOf,
  formatDuration,
  groupByReason,
  OUTCOME_SIGN,
  OUTCOME_WORDS,
  runLine,
  verdictOf,
} from '../results/wording';
import { causesOf } from '../results/causes';
import { causeLines, findingLines } from './failure';
import { sectionLines } from './sections';
import { columns } from '../text/columns';
import { fold, OUTCOME_INK, painter, wrap, type ConsoleOptions, type Paint } from './style';

/** No more failures than this are told in full: the rest is in the other formats. */
const FAILURES_IN_FULL = 25;

/** Columns of lists of ids where the output is no terminal. */
const IDS_WIDTH = 100;

/**
 * The report for a terminal or a log: what was not checked and why, the sections, failures, and last a summary of one
 * screen. The same text for the same report, but for colour.
 */
export function writeConsole(report: Report, options: ConsoleOptions & ExitOptions): string {
  const paint = painter(options);
  return textOf([
    notCheckedLines(report, paint, options.width),
    sectionLines(report, paint),
    (report.findings ?? [])
      .slice(0, FAILURES_IN_FULL)
      .flatMap((finding) => findingLines(finding, paint, options.width)),
    ...failureBlocks(report, options),
    summaryLines(report, options, paint),
  ]);
}

/** The failures of a report alone, as `writeConsole` tells them; nothing where there are none. */
export const writeFailures = (report: Report, options: ConsoleOptions & ExitOptions): string =>
  textOf(failureBlocks(report, options));

/** Failures with their causes, and that there are more. */
function failureBlocks(report: Report, options: ConsoleOptions & ExitOptions): string[][] {
  const paint = painter(options);
  const failOn = decidingLevels(report, options);
  const causes = causesOf(failuresOf(report, failOn));
  return [
    causes
      .slice(0, FAILURES_IN_FULL)
      .flatMap((cause) => causeLines(cause, decides(cause.first, failOn), paint, options.width)),
    moreLines(causes.length + (report.findings ?? []).length),
  ];
}

/** Blocks with an empty line between them. */
const textOf = (blocks: readonly (readonly string[])[]): string =>
  blocks
    .filter((block) => block.length > 0)
    .map((block) => `${block.join('\n')}\n`)
    .join('\n');

function moreLines(count: number): string[] {
  const hidden = count - FAILURES_IN_FULL;
  return hidden > 0 ? [`… some of ${count} are not shown here: --html or --json has all`] : [];
}

/** Why the run ended is told once, by the verdict: reasons that end with it go without. */
function notCheckedLines({ results, run }: Report, paint: Paint, width: number | undefined): string[] {
  const ending = run.endedMessage === undefined ? undefined : `: ${run.endedMessage}`;
  return groupByReason(results).flatMap(({ outcome, reason, ids }) => {
    const sign = `${OUTCOME_SIGN[outcome]} ${OUTCOME_WORDS[outcome]}`;
    const why = ending !== undefined && reason.endsWith(ending) ? reason.slice(0, -ending.length) : reason;
    const [first = '', ...rest] = fold(escapeTerminal(why), width, sign.length + 2);
    return [
      `${paint(OUTCOME_INK[outcome], sign)}: ${first}`,
      ...rest,
      wrap(ids.map(escapeTerminal), width ?? IDS_WIDTH, '    '),
    ];
  });
}

function summaryLines(report: Report, options: ConsoleOptions & ExitOptions, paint: Paint): string[] {
  const verdict = verdictOf(report, options);
  const { width } = options;
  const sentence = fold(escapeTerminal(verdict.sentence), width, verdict.word.length + 2);
  return [
    ...suiteTable(report.results),
    ...(report.run.warnings ?? []).map(
      (warning) => `${paint('doubt', '!')} ${fold(escapeTerminal(warning), width, 2).join('\n')}`,
    ),
    `${paint(verdict.good ? 'good' : 'bad', paint('strong', verdict.word))}  ${sentence.join('\n')}`,
    ...fold(
      `${escapeTerminal(runLine(report))}; ${formatDuration(report.run.durationMs)}; exit code ${exitCode(report, options)}`,
      width,
    ),
  ];
}

/** A line for each suite, a column for each outcome that occurs. */
function suiteTable(results: readonly Result[]): string[] {
  const suites = [...new Set(results.map(({ suite }) => suite))];
  const outcomes = OUTCOMES.filter((outcome) => results.some((result) => result.outcome === outcome));
  const row = (name: string, of: readonly Result[]): string[] => [
    name,
    ...outcomes.map((outcome) => {
      const count = of.filter((result) => result.outcome === outcome).length;
      return count === 0 ? '·' : String(count);
    }),
  ];
  if (suites.length === 0) return [];
  return columns(
    [
      ['suite', ...outcomes.map((outcome) => `${OUTCOME_SIGN[outcome]} ${OUTCOME_WORDS[outcome]}`)],
      ...suites.map((suite) =>
        row(
          escapeTerminal(suite),
          results.filter((result) => result.suite === suite),
        ),
      ),
      ...(suites.length > 1 ? [row('all', results)] : []),
    ],
    { left: 'first', indent: '  ' },
  );
}
