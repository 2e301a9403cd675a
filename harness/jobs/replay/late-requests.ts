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

  /** What another reading hands out, in order. */
  async *inOrder(requests: AsyncIterable<RecordedRequest>): AsyncGenerator<RecordedRequest, void, undefined> {
    const late = [...this.#kept.keys()].sort((one, other) => one - other);
    let next = 0;
    for await (const request of requests) {
      const { index } = request.exchange;
      if (this.#kept.has(index)) continue;
      while (next < late.length && late[next]! < index) yield this.#kept.get(late[next++]!)!;
      yield request;
    }
    while (next < late.length) yield this.#kept.get(late[next++]!)!;
  }
}
