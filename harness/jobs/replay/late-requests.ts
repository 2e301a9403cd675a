import type { RecordedRequest } from './reading';

/** Requests that are kept because a reading hands them out behind later ones. */
const MOST_KEPT = 4096;

/**
 * Puts requests in the order in which they were made. A reading hands those out late that were not answered, or late: the first reading finds them,
 * and they are kept for those that follow.
 */
export class LateRequests {
  readonly #kept = new Map<number, RecordedRequest>();
  #latest = -1;
  #beyond = 0;

  /** Those that come as late as the recording says: more than are kept. */
  get beyond(): number {
    return this.#beyond;
  }

  /** Takes what the first reading hands out. */
  note(request: RecordedRequest): void {
    const { index } = request.exchange;
    if (index > this.#latest) this.#latest = index;
    else if (this.#kept.size < MOST_KEPT) this.#kept.set(index, request);
    else this.#beyond++;
  }

  /** None comes late. */
  get areNone(): boolean {
    return this.#kept.size + this.#beyond === 0;
  }

  /** What another reading hands out, in order. */
  async *inOrder(
    handedOut: AsyncIterable<readonly RecordedRequest[]>,
  ): AsyncGenerator<readonly RecordedRequest[], void, undefined> {
    const late = [...this.#kept.values()].sort((one, other) => one.exchange.index - other.exchange.index);
    let next = 0;
    const upTo = (index: number): RecordedRequest[] => {
      const from = next;
      while (next < late.length && late[next]!.exchange.index < index) next++;
      return late.slice(from, next);
    };
    for await (const requests of handedOut) {
      yield this.#kept.size === 0
        ? requests
        : requests
            .filter(({ exchange }) => !this.#kept.has(exchange.index))
            .flatMap((request) => [...upTo(request.exchange.index), request]);
    }
    yield upTo(Infinity);
  }
}
