import type * as fc from 'fast-check';
import type { FuzzCase } from '../../../cases/case';

/** One that showed something new. */
interface Kept {
  readonly fuzzCase: FuzzCase;
  chosen: number;
}

/** Of the kept, so many of the latest are gone over at first. */
const LATEST = 8;
const MAX_KEPT = 4096;

/** Cases that showed something new, and which of them is varied next: the latest half of the time, else one that was chosen least of two. */
export class KeptCases {
  readonly #kept: Kept[] = [];

  get size(): number {
    return this.#kept.length;
  }

  add(fuzzCase: FuzzCase): void {
    this.#kept.push({ fuzzCase, chosen: 0 });
    if (this.#kept.length > MAX_KEPT) this.#kept.shift();
  }

  /** @throws Error where there is none */
  choose(random: fc.Random): FuzzCase {
    const last = this.#kept.length - 1;
    const from = random.nextInt(0, 1) === 0 ? Math.max(0, last - LATEST + 1) : 0;
    const one = this.#kept[random.nextInt(from, last)];
    const other = this.#kept[random.nextInt(from, last)];
    if (one === undefined || other === undefined) throw new Error('there is no kept case');
    const chosen = one.chosen <= other.chosen ? one : other;
    chosen.chosen++;
    return chosen.fuzzCase;
  }
}
