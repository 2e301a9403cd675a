import type { Operation } from './operation';
import { control, holdsBack, mayComeLater, Way, withoutLost } from './way';

/** Looks at requests under way that are left. */
export interface Effort {
  left: number;
}

/** So many that may have filled a cache are not told apart. */
const MANY = 16;

export const isLost = ({ count, control: what }: Operation): boolean => count === null && what === null;

/** The requests and controls that are under way, in the order of their starts, and how a host can be led on by them. */
export class UnderWay implements Iterable<Operation> {
  readonly #open = new Set<Operation>();
  #controls = 0;

  constructor(private readonly effort: Effort) {}

  [Symbol.iterator](): Iterator<Operation> {
    return this.#open.values();
  }

  get size(): number {
    return this.#open.size;
  }

  /** No control is under way: counts do not fall. */
  get isOrderly(): boolean {
    return this.#controls === 0;
  }

  /** What is under way is looked at no more: nothing is known of the host from here on. */
  get isSpent(): boolean {
    return this.effort.left <= 0;
  }

  add(operation: Operation): void {
    this.#open.add(operation);
    if (operation.control !== null) this.#controls++;
  }

  delete(operation: Operation): void {
    if (this.#open.delete(operation) && operation.control !== null) this.#controls--;
  }

  /** What a host may have done next so that it can come to the request; null where it cannot be said what has expired. */
  steps(way: Way, operation: Operation): Way[] | null {
    const nowMs = operation.endMs;
    const next: Way[] = [];
    this.#spend();
    if (!this.#dropExpired(way, nowMs)) return null;
    if (way.taken.has(operation)) return [way];
    const { isOrderly } = this;
    const raise = isOrderly && operation.count !== null ? operation.count > way.cache.count : true;
    const isStuck = isOrderly && holdsBack(way, this.#open);
    const rising: Operation[] = [];
    for (const each of this.#open) {
      if (way.taken.has(each)) continue;
      if (each.control !== null) {
        next.push(this.#after(way, each, nowMs, ({ cache }) => control(cache, each.control!)));
        continue;
      }
      const { cache } = each.count === null ? withoutLost(way, each) : way;
      if (each.count === null || each.count === cache.count) {
        const stay = cache.stays(each);
        const isTried =
          each.count === null
            ? stay === 'grows' && raise
            : stay === 'grows' || (stay === 'yes' && (!isOrderly || mayComeLater(way, each)));
        if (isTried) next.push(this.#after(way, each, nowMs, (to) => to.stay(each)));
      }
      const isNext = each.count === null || each.count === cache.count + 1;
      if (isNext && raise && !isStuck && cache.rises(each)) rising.push(each);
    }
    this.#rise(way, rising, nowMs, next);
    this.#expireStranger(way, nowMs, next);
    return next;
  }

  /**
   * Each of these may be the next that is counted. Where many of them fill the cache, any order of all is taken for possible, in which the first
   * is one of them: those who are answered by a full cache make all others older, whoever filled it.
   */
  #rise(way: Way, rising: readonly Operation[], nowMs: number, next: Way[]): void {
    const areAlike = (each: Operation): boolean => each.count !== null && way.cache.fills(each);
    if (rising.length > MANY && this.isOrderly && rising.every(areAlike)) {
      const [any] = rising as [Operation];
      next.push(this.#after(way, any, nowMs, ({ cache }) => cache.fill(any)));
      return;
    }
    for (const each of rising) {
      let isRisen = false;
      const risen = this.#after(way, each, nowMs, (to) => (isRisen = to.cache.rise(each)), -1);
      if (isRisen) next.push(risen);
    }
  }

  /**
   * A record of which nothing is known may expire at any time, which is looked at where nothing else explains an answer. What was taken for its
   * machine's request at once may be that of another, which comes when the record is gone.
   */
  #expireStranger(way: Way, nowMs: number, next: Way[]): void {
    if (next.length > 0) return;
    const before = [way.clone(), ...[...way.strangers.values()].map((each) => way.withoutStranger(each))];
    for (const fewer of before) {
      if (!fewer.cache.expireStranger()) continue;
      this.steady(fewer, nowMs);
      next.push(fewer);
    }
  }

  #after(way: Way, operation: Operation, nowMs: number, apply: (to: Way) => unknown, phase = 0): Way {
    const to = isLost(operation) ? withoutLost(way, operation) : way.clone();
    apply(to);
    to.taken.set(operation, to.cache.phase + phase);
    this.steady(to, nowMs);
    return to;
  }

  /** Takes at once whatever leaves the count and the capacity as they are. */
  steady(way: Way, nowMs: number): void {
    if (!this.isOrderly) return;
    this.#spend();
    for (const each of this.#open) if (!way.taken.has(each)) this.takeSteady(way, each, nowMs);
  }

  /** Takes a request at once where that leaves the count and the capacity as they are. */
  takeSteady(way: Way, operation: Operation, nowMs: number): void {
    const { cache } = way;
    if (operation.count !== cache.count || operation.control !== null || mayComeLater(way, operation)) return;
    if (!this.#dropExpired(way, nowMs) || way.taken.has(operation)) return;
    if (operation.count !== cache.count || cache.stays(operation) !== 'yes') return;
    way.stay(operation);
    way.taken.set(operation, cache.phase);
  }

  /** Drops what has expired by the next request, whichever it is; what is answered with fewer is taken then. @returns false where nobody can tell what has */
  #dropExpired(way: Way, nowMs: number): boolean {
    if (!way.cache.mayHaveExpired(nowMs)) return true;
    if (!way.cache.dropExpired(this.#nextStartMs(way), nowMs)) return false;
    // What was left for when they are gone.
    if (!way.cache.mayHaveExpired(nowMs)) this.steady(way, nowMs);
    return true;
  }

  /** Nothing that has an answer is taken before this time from here on. */
  #nextStartMs({ taken }: Way): number {
    for (const each of this.#open)
      if (each.control === null && !isLost(each) && !taken.has(each)) return each.startMs;
    return -Infinity;
  }

  #spend(): void {
    this.effort.left -= this.#open.size;
  }
}
