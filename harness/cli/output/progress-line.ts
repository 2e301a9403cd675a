import { escapeTerminal } from '../../../reports/escape/terminal';
import { formatDuration } from '../../support/duration';
import type { CliContext } from '../verb';

const TERMINAL_PAUSE_MS = 200;
const LOG_PAUSE_MS = 10_000;
/** Before that, nothing is said of the time that is left: a rate of a moment is none. */
const LEAST_ELAPSED_MS = 2000;

/** Calls `tick` every so many ms, until it is told to stop. */
export type Ticker = (everyMs: number, tick: () => void) => () => void;

const timerTicker: Ticker = (everyMs, tick) => {
  const timer = setInterval(tick, everyMs).unref();
  return () => clearInterval(timer);
};

type Output = Pick<CliContext, 'stderr' | 'isTerminal'>;

/** How far a job is, on standard error: one line that is drawn over on a terminal; elsewhere, a line every 10 seconds. */
export class ProgressLine {
  #drawn = false;
  #stop: (() => void) | null = null;

  /** @param silent nothing is said at all, as with `--quiet` */
  constructor(
    private readonly context: Output,
    private readonly silent: boolean,
    private readonly ticker: Ticker = timerTicker,
  ) {}

  /** Shows what `text` gives, again and again, until `end`. */
  follow(text: () => string): void {
    if (this.silent || this.#stop !== null) return;
    const pauseMs = this.context.isTerminal ? TERMINAL_PAUSE_MS : LOG_PAUSE_MS;
    this.#stop = this.ticker(pauseMs, () => this.#show(text()));
  }

  /** A line that stays. */
  say(text: string): void {
    if (this.silent) return;
    this.#clear();
    this.context.stderr.write(`${escapeTerminal(text)}\n`);
  }

  /** Takes the line away, and shows none again; to be called before results are written. */
  end(): void {
    this.#stop?.();
    this.#stop = null;
    this.#clear();
  }

  #show(text: string): void {
    const line = escapeTerminal(text);
    this.context.stderr.write(this.context.isTerminal ? `\r\x1b[K${line}` : `${line}\n`);
    this.#drawn = this.context.isTerminal;
  }

  #clear(): void {
    if (this.#drawn) this.context.stderr.write('\r\x1b[K');
    this.#drawn = false;
  }
}

/**
 * Does a job, and tells meanwhile how far it is.
 * @throws what the job throws
 */
export async function whileTelling<T>(
  context: Output & Pick<CliContext, 'stdout'>,
  silent: boolean,
  text: () => string,
  job: () => Promise<T>,
): Promise<T> {
  const line = new ProgressLine(context, silent);
  line.follow(text);
  try {
    return await job();
  } finally {
    line.end();
  }
}

/** What the rest takes at the pace so far, such as `, about 1m 5s left`; nothing where that cannot be said. */
export function timeLeft(done: number, of: number, elapsedMs: number): string {
  if (elapsedMs < LEAST_ELAPSED_MS || done <= 0 || !Number.isFinite(of) || of <= done) return '';
  return `, about ${formatDuration(Math.ceil((elapsedMs / 1000) * (of / done - 1)))} left`;
}

/** Tells how many of some things are done, and when all will be, from now on. */
export function counted(what: string, done: () => number, of: number): () => string {
  const startedAt = performance.now();
  return () => {
    const total = Number.isFinite(of) ? ` of ${of}` : '';
    return `${done()}${total} ${what}${timeLeft(done(), of, performance.now() - startedAt)}`;
  };
}

/** Results that scroll on the terminal which the line would be drawn on are progress enough. */
export const scrolls = ({ stdout, isTerminal }: Pick<CliContext, 'stdout' | 'isTerminal'>): boolean =>
  isTerminal && (stdout as Partial<{ isTTY: boolean }>).isTTY === true;
