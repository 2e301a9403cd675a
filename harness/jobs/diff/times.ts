import { median } from '../../support/median';
import type { Both } from './pair';

/** Kinds of answers whose times are told apart. */
type TimeClass = string;

/** Answers of a class before anything is said of them: fewer where each of one host takes longer than any of the other. */
const ENOUGH = 40;
const ENOUGH_APART = 10;
/** One takes longer than the other where its median is so many times the other's, and so many ms more. */
const RATIO = 3;
const LEAST_MS = 2;
/** Times that are kept of each class: the last ones. */
const KEPT = 4096;

/** How long each host takes, by class of answer, in ms. */
export class Times {
  readonly #classes = new Map<TimeClass, readonly [number[], number[]]>();

  add(both: Both): void {
    for (const [side, { steps }] of both.entries())
      for (const step of steps)
        for (const { kind, tookMs } of step)
          if (isAnswer(kind)) this.#push(classOf(kind), side as 0 | 1, tookMs);
  }

  #push(name: TimeClass, side: 0 | 1, ms: number): void {
    const times = this.#classes.get(name) ?? ([[], []] as const);
    this.#classes.set(name, times);
    times[side].push(ms);
    if (times[side].length > KEPT) times[side].shift();
  }

  /** Classes in which one host takes clearly longer. */
  differences(): readonly { readonly of: TimeClass; readonly aMs: number; readonly bMs: number }[] {
    return [...this.#classes].flatMap(([of, [a, b]]) => {
      if (Math.min(a.length, b.length) < (areApart(a, b) ? ENOUGH_APART : ENOUGH)) return [];
      const [aMs, bMs] = [median(a), median(b)];
      const [less, more] = aMs < bMs ? [aMs, bMs] : [bMs, aMs];
      return more >= RATIO * less && more - less >= LEAST_MS ? [{ of, aMs, bMs }] : [];
    });
  }

  /** What there is to say, of hosts that are called so. */
  inWords(a: string, b: string): string[] {
    return this.differences().map(
      ({ of, aMs, bMs }) => `${of}: ${a} takes ${aMs.toFixed(1)} ms, ${b} ${bMs.toFixed(1)} ms (median)`,
    );
  }
}

const isAnswer = (kind: string): boolean => !['closed', 'reset', 'silence', 'no connection'].includes(kind);

function classOf(kind: string): TimeClass {
  return kind.startsWith('fault') ? 'fault' : kind.startsWith('HRESULT') ? 'refusal' : kind;
}

function areApart(a: readonly number[], b: readonly number[]): boolean {
  const [leastA, mostA] = bounds(a);
  const [leastB, mostB] = bounds(b);
  return mostA < leastB || mostB < leastA;
}

const bounds = (times: readonly number[]): readonly [number, number] =>
  times.reduce(([least, most], ms) => [Math.min(least, ms), Math.max(most, ms)], [Infinity, -Infinity]);
