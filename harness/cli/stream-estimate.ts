import { systemClock } from '../clock';
import { type StreamProgram, streamLength } from '../stream/notation';
import type { CliContext } from './verb';

/** Requests after which a terminal is told how long the rest takes, where the stream is ten times as long or more. */
const ESTIMATE_AFTER = 1_000;

/** Tells a terminal, once, how long a long stream takes. @returns to be told the requests sent so far */
export function streamEstimate(
  program: StreamProgram,
  { requests = Infinity, quiet }: { readonly requests?: number; readonly quiet?: boolean },
  { isTerminal, stderr }: Pick<CliContext, 'isTerminal' | 'stderr'>,
): (sent: number) => void {
  const total = Math.min(requests, streamLength(program.items));
  const wanted = isTerminal && quiet !== true && Number.isFinite(total) && total >= 10 * ESTIMATE_AFTER;
  const startedAt = systemClock.now();
  return (sent) => {
    if (!wanted || sent !== ESTIMATE_AFTER) return;
    const secondsLeft = ((systemClock.now() - startedAt) / 1000) * (total / sent - 1);
    stderr.write(
      `kmsspec: ${sent} of about ${total} requests sent; the rest takes about ${inWords(secondsLeft)} (--requests N or Ctrl-C ends it sooner)\n`,
    );
  };
}

const inWords = (seconds: number): string =>
  seconds < 90
    ? `${Math.ceil(seconds)} s`
    : seconds < 5400
      ? `${Math.round(seconds / 60)} min`
      : `${Math.round(seconds / 3600)} h`;
