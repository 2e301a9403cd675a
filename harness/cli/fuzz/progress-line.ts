import { escapeTerminal } from '../../../reports/escape/terminal';
import { formatDuration } from '../../duration';
import type { Progress } from '../../fuzz';
import type { CliContext } from '../verb';

const TERMINAL_PAUSE_MS = 200;
const LOG_PAUSE_MS = 10_000;

/** One line that is drawn over on a terminal; elsewhere, a line every few seconds. */
export class ProgressLine {
  #shownAt = 0;
  #drawn = false;

  constructor(
    private readonly context: CliContext,
    private readonly silent: boolean,
  ) {}

  show(progress: Progress): void {
    const now = performance.now();
    const pauseMs = this.context.isTerminal ? TERMINAL_PAUSE_MS : LOG_PAUSE_MS;
    if (this.silent || now - this.#shownAt < pauseMs) return;
    this.#shownAt = now;
    const text = progressText(progress);
    if (this.context.isTerminal) {
      this.context.stderr.write(`\r\x1b[K${text}`);
      this.#drawn = true;
    } else {
      this.context.stderr.write(`${text}\n`);
    }
  }

  say(text: string): void {
    if (this.silent) return;
    this.end();
    this.context.stderr.write(`${escapeTerminal(text)}\n`);
  }

  end(): void {
    if (this.#drawn) this.context.stderr.write('\r\x1b[K');
    this.#drawn = false;
  }
}

function progressText({ cases, of, casesPerSecond, findings, secondsLeft }: Progress): string {
  const left = secondsLeft === null ? '' : `, ${formatDuration(Math.round(secondsLeft))} left`;
  const total = of === null ? '' : ` of ${of}`;
  return `${cases}${total} cases, ${Math.round(casesPerSecond)} a second, ${countOf(findings)}${left}`;
}

export const countOf = (findings: number): string =>
  findings === 0 ? 'no finding' : findings === 1 ? '1 finding' : `${findings} findings`;
