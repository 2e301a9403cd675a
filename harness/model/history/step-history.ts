import type { CountedRequest } from '../counting-model';
import type { HistoryControl, HistoryRequest } from './history';
import { HistoryChecker, type HistoryFailure, type HistoryOptions } from './history-checker';
import { inOneGo } from './in-one-go';

/**
 * A history whose times nobody looks at: it goes in steps, one after the other, and the requests of one step all overlap. Each step is judged as it
 * comes.
 */
export class StepHistory {
  readonly #checker: HistoryChecker;
  #step = 0;
  /** The first answer of the last step with which there was no order any more; null where there was one. Those behind it are held against nothing known. */
  unordered: HistoryFailure | null = null;

  constructor(options: HistoryOptions = {}) {
    this.#checker = new HistoryChecker(options);
  }

  /** Answers that could not be held against what is known of the host. */
  get unjudged(): number {
    return this.#checker.unjudged;
  }

  /** As `together` and `passing`: in parts, between which whoever asks may give up. */
  *inParts(
    requests: readonly CountedRequest[],
    counts: readonly (number | null)[],
  ): Generator<void, readonly (HistoryFailure | null)[]> {
    const startMs = this.#step++;
    // In the order of their counts: what has no order is told of the lowest, and by all below it.
    const ascending = counts.filter((count) => count !== null).sort((one, other) => one - other);
    const endOf = (count: number): number =>
      startMs + (1 + ascending.indexOf(count)) / (2 + ascending.length);
    const events = requests.map((request, i): HistoryRequest => {
      const count = counts[i]!;
      return { ...request, kind: 'request', startMs, endMs: count === null ? Infinity : endOf(count), count };
    });
    for (const event of events) this.#checker.add(event);
    const before = this.#checker.failures.length;
    yield* this.#checker.passing(this.#step);
    const failures = this.#checker.failures.slice(before);
    this.unordered = failures[0] ?? null;
    return events.map((event) => failures.find(({ request }) => request === event) ?? null);
  }

  /** Looks no further: what is left of the step is not judged. */
  giveUp(): void {
    this.#checker.giveUp();
  }

  /**
   * Requests were under way at the same time.
   * @param counts `counts[i]` is the answer to `requests[i]`; null where it was lost: the host may have counted the request at any time since, or never
   * @returns for each, what has no order with its count; null where there is one
   */
  together(
    requests: readonly CountedRequest[],
    counts: readonly (number | null)[],
  ): readonly (HistoryFailure | null)[] {
    return inOneGo(this.inParts(requests, counts));
  }

  /** Something was done to the host. @param advanceMs by how much its clock was set forward */
  control(control: HistoryControl['control'], advanceMs = 0): void {
    const startMs = this.#step++;
    this.#checker.add({ kind: 'control', control, startMs, endMs: startMs + 0.5, advanceMs });
    this.#checker.passed(this.#step);
  }
}
