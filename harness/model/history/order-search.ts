import { mayHaveExpired } from './asked';
import type { Operation } from './operation';
import { RecentOperations } from './recent-operations';
import { UnorderedCache } from './unordered-cache';
import { type Effort, isLost, UnderWay } from './under-way';
import { distinct, Way } from './way';

/** Ways that have become the same are looked for after so many events. */
const COMPARED_EVERY = 128;
/** Ways kept apart, and steps tried for one answer: beyond these nothing more is said of the host until it is known again. */
const MAX_WAYS = 256;
const MAX_STEPS = 4_000;
/** Each takes up to a millisecond where hundreds of requests overlap. */
const STEPS_OF_A_PART = 64;
/** Requests without an answer of which each may have been taken or not. */
const MAX_LOST = 12;
/** A request that got no answer is taken by the host within this time, or never. */
const STRAY_MS = 60_000;
/** A host that was found with more than these is not followed. */
const MAX_FOUND = 4_096;

export interface SearchLimits {
  /** No request of the whole history makes more places than these; Infinity where that is not known. */
  readonly mostPlaces: number;
  /** For all searches of a history together. */
  readonly effort: Effort;
}

/** What an answer came to. */
export interface Judgement {
  /** It was held against what is known of the host. */
  readonly isJudged: boolean;
  /** The counts that would have been possible, where there is no order with it any more. */
  readonly possible: readonly number[] | null;
}

const NOT_JUDGED: Judgement = { isJudged: false, possible: null };
const HAS_AN_ORDER: Judgement = { isJudged: true, possible: null };

/**
 * Is there an order, each request taking effect at one moment between its start and its end, in which the counting model gives the counts
 * that were answered? The search of Wing and Gong, in the manner of Lowe: events one by one; when an answer comes, each way that has not
 * taken its request yet is led on until it has, and ways that come to the same are one. What it needs to know of the model:
 *
 * - Counts say in which order the host came to most: none falls while nothing expires and no control comes. A way at count n takes what was answered with n
 *   at once where that leaves count and capacity as they are. It can do nothing better: later it could only be taken in the same state,
 *   and what it does to the order of records, `UnorderedCache` keeps open.
 * - In a full cache that is going to grow, a request before the growth may be anyone's, and behind it only that of a client that is
 *   held. Whoever is held then is held whichever comes first, so that all go before, and the growth is as late as it can be.
 * - The count rises by exactly one request of a client that is not held: each that is under way with the next count is tried.
 */
export class OrderSearch {
  #ways: Way[];
  readonly #open: UnderWay;
  #lost = 0;
  /** Too many requests were lost to keep each in mind: one of them may still come until this time, ms. */
  #strayUntilMs = -Infinity;
  #hadControls = false;
  readonly #wasEmpty: boolean;
  /** What the host holds was found by a count: where that leaves no order, all that may be found so is looked at. */
  #isFound = false;
  readonly #recent: RecentOperations;
  /** No record is older, ms. */
  #firstMs = Infinity;
  /** The largest count that was answered, but for those that have no order. */
  #answered = 0;
  /** The last that was started; and the last that was under way when an answer was not looked at: whether the host took it before that, nobody can tell. */
  #lastId = -1;
  #unsureUpTo = -1;

  constructor(
    cache: UnorderedCache | null,
    private readonly limits: SearchLimits,
  ) {
    this.#ways = cache === null ? [] : [new Way(cache, new Map())];
    this.isKnown = this.#wasEmpty = cache !== null;
    this.#recent = new RecentOperations(this.#wasEmpty);
    this.#open = new UnderWay(limits.effort);
  }

  /** False where nobody knows what the host holds: the next answer says. */
  isKnown: boolean;

  /** How many ways are open, for measurements. */
  get ways(): number {
    return this.#ways.length;
  }

  start(operation: Operation): void {
    this.#lastId = operation.id;
    this.#firstMs = Math.min(this.#firstMs, operation.startMs);
    this.#recent.add(operation);
    if (isLost(operation)) return this.#startLost(operation);
    this.#open.add(operation);
    if (operation.control !== null) {
      this.#hadControls = true;
      // What strays counts in an empty cache.
      if (operation.control === 'reset' && operation.startMs <= this.#strayUntilMs) this.forget();
    } else if (this.#open.isOrderly)
      for (const way of this.#ways) this.#open.takeSteady(way, operation, operation.startMs);
  }

  /**
   * Yields between parts of the search, each of some tenths of a second at worst.
   * @param moment the number of this event
   */
  *end(operation: Operation, moment: number): Generator<void, Judgement> {
    const wasKnown = this.isKnown;
    if (this.#open.isSpent) this.forget();
    else if (!this.isKnown) this.#find(operation);
    if (this.isKnown && this.#isUnsure(operation)) {
      const judgement = this.#unjudged(operation);
      this.#open.delete(operation);
      return judgement;
    }
    const before = this.#ways;
    const led = yield* this.#lead(operation);
    if (led === null) this.forget();
    else if (led.length === 0) {
      const isSure = !this.#isFound;
      const possible = isSure ? yield* this.#possibleCounts(operation, before) : null;
      const judgement = isSure ? { isJudged: true, possible } : this.#judgedByAll(operation);
      this.#finish(operation, moment, []);
      this.forget();
      if (isSure) this.#recent.forget();
      return judgement;
    }
    this.#answered = Math.max(this.#answered, operation.count ?? 0);
    const judgement = wasKnown && led !== null ? HAS_AN_ORDER : this.#unjudged(operation);
    this.#finish(operation, moment, led ?? []);
    return judgement;
  }

  /** Of few all orders are tried, so that they are judged whatever is not known. */
  #unjudged(operation: Operation): Judgement {
    return this.#recent.areFew && !this.#open.isSpent ? this.#judgedByAll(operation) : NOT_JUDGED;
  }

  /**
   * Whether any host may have answered so. Ways that were found leave aside some of what the host may have lost meanwhile: that they have no
   * order says nothing yet.
   */
  #judgedByAll(operation: Operation): Judgement {
    const { endMs } = operation;
    const lost = [...this.#open].filter(isLost);
    if (this.#recent.mayBeAnsweredSo(endMs, lost)) return NOT_JUDGED;
    const possible = this.#recent.possibleCounts(operation, lost);
    this.#recent.forget();
    return { isJudged: true, possible };
  }

  /** Nothing is known of the host any more; what it holds is found with a later answer. */
  forget(): void {
    this.#ways = [];
    this.isKnown = false;
    this.#unsureUpTo = this.#lastId;
  }

  #isUnsure({ id }: Operation): boolean {
    return id <= this.#unsureUpTo;
  }

  /** They are in the order of their starts. */
  get #isAnyUnsure(): boolean {
    for (const each of this.#open) if (!isLost(each)) return this.#isUnsure(each);
    return false;
  }

  #startLost(operation: Operation): void {
    if (!operation.isCounted) return;
    if (++this.#lost > MAX_LOST) return this.#stray(operation);
    this.#open.add(operation);
    for (const { cache } of this.#ways) cache.lose(operation);
  }

  /** Too many requests may still come: they change nothing while the host is full for good, but from now on it may hold anything else. */
  #stray({ startMs }: Operation): void {
    this.#lost = 0;
    this.#strayUntilMs = startMs + STRAY_MS;
    this.#recent.forget(this.#strayUntilMs);
    for (const each of this.#open) {
      if (!isLost(each)) continue;
      this.#open.delete(each);
      for (const { cache } of this.#ways) cache.unlose(each);
    }
    if (!this.isKnown || !this.#ways.every(({ cache }) => cache.isSettled)) this.forget();
  }

  #finish(operation: Operation, moment: number, ways: Way[]): void {
    const isBranched = ways.length > this.#ways.length;
    this.#open.delete(operation);
    for (const way of ways) {
      way.close(operation, moment);
      way.cache.settle(this.limits.mostPlaces);
    }
    this.#ways = ways;
    // What sets ways apart is displaced sooner or later: then they are one again.
    if (ways.length > 1 && (isBranched || moment % COMPARED_EVERY === 0)) this.#ways = distinct(ways);
    if (this.#ways.length > MAX_WAYS || ways.some(({ cache }) => cache.isUnknown)) this.forget();
  }

  /**
   * Every state in which a host can be found that answers this. What was under way when an earlier answer was not looked at may have been taken
   * before that one: nothing is found until all of it has ended. A cache that is full for good is found whatever is under way.
   */
  #find(operation: Operation): void {
    const isFull =
      this.#wasEmpty &&
      !this.#hadControls &&
      this.#answered === this.limits.mostPlaces &&
      !mayHaveExpired(this.#firstMs, operation.endMs);
    this.#isFound = false;
    const isSure = !this.#isAnyUnsure && operation.startMs > this.#strayUntilMs;
    if (isFull) this.#foundAs(UnorderedCache.full(this.#answered, this.#firstMs), operation.endMs);
    else if (isSure && operation.control === 'reset') this.#findByReset(operation);
    else if (isSure && operation.count !== null) this.#findByCount(operation.count, operation.endMs);
    this.isKnown = this.#ways.length > 0;
  }

  /** What is under way with a reset may have been answered before it. */
  #findByReset(reset: Operation): void {
    const isAlone = [...this.#open].every((each) => each === reset || isLost(each));
    if (isAlone) this.#foundAs(UnorderedCache.empty(), reset.endMs);
  }

  #findByCount(most: number, nowMs: number): void {
    let fewest = most;
    for (const { count } of this.#open) if (count !== null && count < fewest) fewest = count;
    this.#isFound = true;
    const least = Math.max(0, fewest - 1);
    if (most > MAX_FOUND || most - least > 64) return;
    for (let count = least; count <= most; count++) this.#foundAs(UnorderedCache.found(count), nowMs);
  }

  #foundAs(cache: UnorderedCache, nowMs: number): void {
    const way = new Way(cache, new Map());
    for (const each of this.#open) if (isLost(each)) cache.lose(each);
    this.#open.steady(way, nowMs);
    this.#ways.push(way);
  }

  /** @returns the ways that have taken the request; null where there are too many to look at */
  *#lead(operation: Operation): Generator<void, Way[] | null> {
    if (!this.isKnown) return null;
    const led: Way[] = [];
    const left: Way[] = [];
    for (const way of this.#ways) (way.taken.has(operation) ? led : left).push(way);
    if (left.length === 0) return led;
    const seen = new Set<string>();
    for (let steps = 0; left.length > 0; ) {
      const way = left.pop()!;
      if (way.cache.isUnknown || this.#open.isSpent) return null;
      const next = this.#open.steps(way, operation);
      if (next === null) return null;
      for (const each of next) {
        if (++steps > MAX_STEPS) return null;
        if (steps % STEPS_OF_A_PART === 0) yield;
        if (each.cache.isUnknown) return null;
        const text = next.length + left.length > 1 || steps > 4 ? each.describe() : null;
        if (text !== null && (seen.has(text) || !seen.add(text))) continue;
        (each.taken.has(operation) ? led : left).push(each);
      }
    }
    return led;
  }

  /** The counts with which there would still be an order. */
  *#possibleCounts(operation: Operation, before: readonly Way[]): Generator<void, readonly number[]> {
    const counts = before.map(({ cache }) => cache.count);
    if (operation.control !== null || counts.length === 0) return [];
    const [least, most] = [Math.min(...counts), Math.max(...counts) + this.#open.size + 1];
    const possible: number[] = [];
    this.#open.delete(operation);
    for (let count = Math.max(0, least - 1); count <= most && possible.length < 64; count++) {
      yield;
      if (this.#open.isSpent) break;
      const other = { ...operation, count };
      this.#open.add(other);
      this.#ways = before.map((way) => way.clone());
      for (const way of this.#ways) this.#open.steady(way, operation.endMs);
      const led = yield* this.#lead(other);
      if (led !== null && led.length > 0) possible.push(count);
      this.#open.delete(other);
    }
    return possible;
  }
}
