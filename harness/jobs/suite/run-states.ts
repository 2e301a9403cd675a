import type { CountedRequest } from '../../model/counting-model';
import type { HistoryFailure } from '../../model/history/history-checker';
import { StepHistory } from '../../model/history/step-history';
import { type GrantedRequest, PossibleStates } from '../../model/possible-states';
import type { Profile } from '../../model/profile';

/**
 * The history takes no more requests at once: where hundreds meet a full cache, all of them answered alike, there are more orders than can
 * be gone through. The states judge those by their counts.
 */
const MAX_TOGETHER = 64;
/**
 * The history is told that the clock went on in steps of this, in ms: to tell it before each request cost more than the request. Records live for
 * 30 days, and no two clocks agree better.
 */
const CLOCK_STEP_MS = 1000;

/**
 * What is known of a host's counts in a run: the states that it may be in, and beside them the history of what it was asked and answered, which must
 * have an order. They judge by themselves; the history can say which of overlapping answers it is that has none.
 */
export class RunStates {
  readonly #states: PossibleStates;
  #history: StepHistory;
  #historyMs: number;

  /** @param nowMs the host's clock, ms since 1970 */
  constructor(
    private readonly profile: Profile,
    private readonly nowMs: () => number,
  ) {
    this.#states = new PossibleStates(profile, nowMs);
    this.#history = new StepHistory({ profile, start: 'found' });
    this.#historyMs = nowMs();
  }

  /** The first answer of the last request or requests that has no order with all before it; null where there is none. */
  get unordered(): HistoryFailure | null {
    return this.#history.unordered;
  }

  /** The host holds nothing, of no application. */
  reset(): void {
    this.#states.reset();
    this.#history.control('reset');
  }

  /** Nobody knows any more what the host holds. */
  forget(): void {
    this.#states.forget();
    this.#findHistory();
  }

  /** The counts that a conforming host may answer to this request, asked now and alone; undefined where nothing is known. */
  expected(request: CountedRequest): ReadonlySet<number> | undefined {
    return this.#states.expected(request);
  }

  /** The counts that a conforming host may hold now; undefined where nothing is known. */
  counts(applicationId: string): ReadonlySet<number> | undefined {
    return this.#states.counts(applicationId);
  }

  /** As of `PossibleStates`. @returns null where a conforming host may answer so, or nothing is known; else the counts that would have been right */
  granted(request: CountedRequest, count: number): ReadonlySet<number> | null {
    this.#takeIntoHistory([request], [count]);
    return this.#states.granted(request, count);
  }

  /** As of `PossibleStates`: all of them were under way at the same time. @returns as `granted`, of the first that is wrong taken for itself */
  grantedTogether(grants: readonly GrantedRequest[]): ReadonlySet<number> | null {
    this.#takeIntoHistory(
      grants.map(({ request }) => request),
      grants.map(({ count }) => count),
    );
    return this.#states.grantedTogether(grants);
  }

  /** The host may have granted this, or not; it is done with it. */
  recordUncertain(request: CountedRequest): void {
    // A request that may be under way for ever, while the clock goes on, is for the states alone.
    this.#findHistory();
    this.#states.recordUncertain(request);
  }

  #findHistory(): void {
    this.#history = new StepHistory({ profile: this.profile, start: 'found' });
    this.#historyMs = this.nowMs();
  }

  #takeIntoHistory(requests: readonly CountedRequest[], counts: readonly number[]): void {
    if (requests.length > MAX_TOGETHER) return this.#findHistory();
    const nowMs = this.nowMs();
    if (nowMs - this.#historyMs >= CLOCK_STEP_MS) {
      this.#history.control('advance', nowMs - this.#historyMs);
      this.#historyMs = nowMs;
    }
    this.#history.together(requests, counts);
  }
}
