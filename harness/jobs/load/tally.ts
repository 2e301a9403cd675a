import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from 'hdr-histogram-js';
import { addHistograms } from '../../../reports/results/latency';
import type { Evidence } from '../../../reports/results/result';

/** Latencies are kept in microseconds to three digits. */
const newHistogram = (): Histogram =>
  build({ bitBucketSize: 64, autoResize: true, numberOfSignificantValueDigits: 3 });

/** What one thread measured, or all of them together. Times are milliseconds from the start of the load. */
export interface LoadTally {
  /** Microseconds from when a request was to start, in an open loop. */
  readonly fromIntended: Histogram;
  /** Microseconds from when it was really started. */
  readonly fromActual: Histogram;
  /** Microseconds by which the generator was late although a connection was free. */
  readonly lateness: Histogram;
  /** Requests of the measured part: answered, failed and not sent. */
  requests: number;
  answered: number;
  /** When the last answer of the measured part came. */
  lastAnswerMs: number;
  failures: Map<string, number>;
  /** Answers whose count the model does not allow, and the first of them. */
  wrongCounts: number;
  firstWrongCount: string | null;
  /** The first failure of each kind, with a few exchanges around it. */
  evidence: Evidence[];
  /** Connections opened, of the warm-up too. */
  opened: number;
  /** Share of the time in which the thread was busy, the highest of all threads. */
  busy: number;
}

export function newTally(): LoadTally {
  return {
    fromIntended: newHistogram(),
    fromActual: newHistogram(),
    lateness: newHistogram(),
    requests: 0,
    answered: 0,
    lastAnswerMs: 0,
    failures: new Map(),
    wrongCounts: 0,
    firstWrongCount: null,
    evidence: [],
    opened: 0,
    busy: 0,
  };
}

export function countFailure(tally: Pick<LoadTally, 'failures'>, failureClass: string, times = 1): void {
  tally.failures.set(failureClass, (tally.failures.get(failureClass) ?? 0) + times);
}

export const toMicroseconds = (ms: number): number => Math.max(1, Math.round(ms * 1000));

/** A tally as plain data, to go from one thread to another. */
export type EncodedTally = Omit<LoadTally, 'fromIntended' | 'fromActual' | 'lateness'> & {
  readonly histograms: readonly [fromIntended: string, fromActual: string, lateness: string];
};

export function encodeTally({ fromIntended, fromActual, lateness, ...rest }: LoadTally): EncodedTally {
  const [a, b, c] = [fromIntended, fromActual, lateness].map(encodeIntoCompressedBase64);
  return { ...rest, histograms: [a!, b!, c!] };
}

/** Threads whose evidence is kept, those with wrong counts first: the failures of the others are of the same kinds. */
const TOLD_THREADS = 2;

/** The sum of what threads measured: exact, as histograms of one precision are added. */
export function mergeTallies(parts: readonly EncodedTally[]): LoadTally {
  const sum = (place: 0 | 1 | 2): Histogram =>
    addHistograms([
      newHistogram(),
      ...parts.map(({ histograms }) => decodeFromCompressedBase64(histograms[place], 64)),
    ]);
  const merged: LoadTally = { ...newTally(), fromIntended: sum(0), fromActual: sum(1), lateness: sum(2) };
  const telling = parts.filter(({ evidence }) => evidence.length > 0);
  telling.sort((a, b) => Number(b.firstWrongCount !== null) - Number(a.firstWrongCount !== null));
  merged.evidence = telling.slice(0, TOLD_THREADS).flatMap(({ evidence }) => evidence);
  for (const part of parts) {
    merged.requests += part.requests;
    merged.answered += part.answered;
    merged.wrongCounts += part.wrongCounts;
    merged.opened += part.opened;
    merged.lastAnswerMs = Math.max(merged.lastAnswerMs, part.lastAnswerMs);
    merged.busy = Math.max(merged.busy, part.busy);
    merged.firstWrongCount ??= part.firstWrongCount;
    for (const [name, times] of part.failures) countFailure(merged, name, times);
  }
  return merged;
}
