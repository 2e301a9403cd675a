/** Something that lasts from one time to another. */
export interface Lasting {
  readonly startMs: number;
  readonly endMs: number;
}

interface Moment<T> {
  readonly atMs: number;
  readonly isStart: boolean;
  readonly event: T;
}

/** Starts and ends in the order of time; what starts when another ends overlaps with it, so that starts come first. */
export class EventQueue<T extends Lasting> {
  /** A heap: each moment comes before those at twice its place. */
  readonly #heap: Moment<T>[] = [];

  add(event: T): void {
    this.#push({ atMs: event.startMs, isStart: true, event });
  }

  /** The next moment before that time; null where there is none. */
  next(beforeMs: number): Moment<T> | null {
    const first = this.#heap[0];
    if (first === undefined || first.atMs >= beforeMs) return null;
    const last = this.#heap.pop()!;
    if (this.#heap.length > 0) this.#sink(last);
    if (first.isStart && first.event.endMs !== Infinity) {
      this.#push({ atMs: first.event.endMs, isStart: false, event: first.event });
    }
    return first;
  }

  #push(moment: Moment<T>): void {
    const heap = this.#heap;
    let place = heap.length;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(moment, heap[parent]!)) break;
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = moment;
  }

  #sink(moment: Moment<T>): void {
    const heap = this.#heap;
    let place = 0;
    for (let child = 1; child < heap.length; child = 2 * place + 1) {
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, moment)) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = moment;
  }
}

const isBefore = (a: Moment<unknown>, b: Moment<unknown>): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.isStart && !b.isStart);
