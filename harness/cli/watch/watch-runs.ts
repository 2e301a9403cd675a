import { writeFailures } from '../../../reports/console/report';
import { compareReports } from '../../../reports/results/compare';
import type { Report } from '../../../reports/results/model';
import { formatDuration, verdictOf } from '../../../reports/results/wording';
import { describeError } from '../output/describe-error';
import { writeAsIs } from '../output/output-stream';
import { terminalWidth } from '../output/terminal-width';
import type { CliContext } from '../verb';
import { firstChange, type Watched } from './watched';

/** Clears a terminal and begins at its top. */
const CLEAR = '\u001b[2J\u001b[3J\u001b[H';

export interface WatchedRun {
  readonly code: number;
  /** Null where the run came to none. */
  readonly report: Report | null;
}

/**
 * Runs, and again whenever something changes, until the signal of the context. Each run is a line; the failures of the last stand below on a
 * terminal, which is drawn anew each time, and elsewhere when the watch ends.
 * @param once one run, whose report is not shown yet
 * @returns the exit code of the last run
 * @throws what the first run throws: a command line that cannot be carried out is not watched
 */
export async function watchRuns(
  watched: readonly Watched[],
  once: () => Promise<WatchedRun>,
  context: CliContext,
  clock: () => Date = () => new Date(),
): Promise<number> {
  const { stdout, stderr, signal } = context;
  const screen = new Screen(context);
  let last: WatchedRun | null = null;
  let before: Report | null = null;
  for (let why: string | null = ''; why !== null; why = await firstChange(watched, signal)) {
    for (const each of watched) each.mark();
    const at = clock().toTimeString().slice(0, 8);
    try {
      last = await once();
      const { report } = last;
      if (report === null) continue;
      screen.ran(`${at}  ${lineOf(report, before)}${why === '' ? '' : `  (${why})`}`, report);
      before = report;
    } catch (error) {
      if (last === null) throw error;
      stderr.write(`kmsspec: ${describeError(error).message}${why === '' ? '' : `  (${why})`}\n`);
    }
  }
  screen.end();
  stdout.write('');
  return last!.code;
}

/** `FAILED  6 of 87 checked requirements …; 1 newly failing: CNT-07; 2 fixed: …  3.2 s`. */
function lineOf(report: Report, before: Report | null): string {
  const { word, sentence } = verdictOf(report);
  const changes = before === null ? '' : changesInWords(before, report);
  return `${word}  ${sentence}${changes}  ${formatDuration(report.run.durationMs)}`;
}

function changesInWords(before: Report, after: Report): string {
  const { newlyFailing, fixed } = compareReports(before, after);
  return [['newly failing', newlyFailing] as const, ['fixed', fixed] as const]
    .filter(([, changes]) => changes.length > 0)
    .map(([words, changes]) => ` ${changes.length} ${words}: ${changes.map(({ id }) => id).join(', ')}.`)
    .join('');
}

/** What stands on standard output: the lines of all runs, and the failures of the last. */
class Screen {
  readonly #lines: string[] = [];
  #failures = '';

  constructor(private readonly context: CliContext) {}

  ran(line: string, report: Report): void {
    const { stdout, color } = this.context;
    this.#lines.push(line);
    this.#failures = writeFailures(report, { color, width: terminalWidth(stdout) });
    if (!this.#isDrawn) return void stdout.write(`${line}\n`);
    writeAsIs(stdout, CLEAR);
    stdout.write(`${this.#lines.join('\n')}\n\n${this.#failures}`);
  }

  end(): void {
    if (!this.#isDrawn && this.#failures !== '') this.context.stdout.write(`\n${this.#failures}`);
  }

  get #isDrawn(): boolean {
    return (this.context.stdout as { isTTY?: boolean }).isTTY === true;
  }
}
