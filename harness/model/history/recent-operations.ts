import type { Operation } from './operation';
import { mayBeAnsweredSo } from './possible-orders';

/** So many are looked back at; of those before them only when they had ended. */
const KEPT = 128;
/** Every order of so few is tried whatever else is known. */
const FEW = 16;
/** Counts that are shown. */
const SHOWN = 64;

/** The last of what a table was asked and told, in the order of their starts. */
export class RecentOperations {
  #kept: Operation[] = [];
  /** All that is not kept had ended by then, but for answers that were lost, ms. */
  #othersEndMs = -Infinity;

  /** @param wasEmpty the host held nothing before the first of all */
  constructor(private readonly wasEmpty: boolean) {}

  /** They are so few that every order of all may be tried at each answer. */
  get areFew(): boolean {
    return this.#isWhole && this.#kept.length <= FEW;
  }

  add(operation: Operation): void {
    this.#kept.push(operation);
    if (this.#kept.length > 2 * KEPT) this.#drop(KEPT);
  }

  /** What comes is not held against any of them, nor against what comes before this time, ms. */
  forget(untilMs = -Infinity): void {
    this.#drop(this.#kept.length);
    this.#othersEndMs = Math.max(this.#othersEndMs, untilMs);
  }

  /**
   * Whether some host may have answered what had ended by this time; true where nobody can tell.
   * @param lost requests without an answer, of any time
   */
  mayBeAnsweredSo(byMs: number, lost: readonly Operation[]): boolean {
    return this.#mayBe(this.#kept, byMs, lost);
  }

  /** The same counts of this request, and others, with which it would be so. */
  possibleCounts(operation: Operation, lost: readonly Operation[]): readonly number[] {
    const most = this.#kept.reduce((so, { count }) => Math.max(so, count ?? 0), 0) + 1;
    const counts = Array.from({ length: Math.min(most, SHOWN) + 1 }, (_, count) => count);
    return counts.filter((count) => {
      const changed = this.#kept.map((each) => (each === operation ? { ...operation, count } : each));
      return this.#mayBe(changed, operation.endMs, lost);
    });
  }

  get #isWhole(): boolean {
    return this.#othersEndMs === -Infinity;
  }

  #mayBe(kept: readonly Operation[], byMs: number, lost: readonly Operation[]): boolean {
    const before = lost.filter((each) => !this.#kept.includes(each));
    const starts = this.#quietStarts(kept);
    // The more is looked back at the more is known; where that takes too long, the least.
    for (const from of new Set([starts[0], starts.at(-1)])) {
      if (from === undefined) break;
      const wasEmpty = this.wasEmpty && this.#isWhole && from === 0;
      const may = mayBeAnsweredSo([...before, ...kept.slice(from)], byMs, wasEmpty);
      if (may !== null) return may;
    }
    return true;
  }

  #drop(count: number): void {
    for (const dropped of this.#kept.splice(0, count))
      if (!isUnanswered(dropped)) this.#othersEndMs = Math.max(this.#othersEndMs, dropped.endMs);
  }

  /** Places of requests at whose start nothing was under way. */
  #quietStarts(kept: readonly Operation[]): number[] {
    const starts: number[] = [];
    let end = this.#othersEndMs;
    for (const [i, each] of kept.entries()) {
      if (each.startMs > end) starts.push(i);
      if (!isUnanswered(each)) end = Math.max(end, each.endMs);
    }
    return starts;
  }
}

const isUnanswered = ({ count, control }: Operation): boolean => count === null && control === null;
