import { EventQueue } from './event-queue';

/**
 * Events in order of time, for many of them over a long time: those of the running hour stand in a heap, later ones wait unsorted
 * in the page of their hour. A heap of all of them would miss the processor's cache at every level, the more the larger the fleet is.
 */
export class CalendarQueue {
  readonly #now = new EventQueue();
  readonly #pages = new Map<number, Page>();
  /** The page whose events are in the heap; earlier ones are over. */
  #open = -Infinity;
  #size = 0;

  constructor(private readonly pageMs: number) {}

  get size(): number {
    return this.#size;
  }

  /** When the first event is due, Infinity where there is none. */
  get firstMs(): number {
    if (this.#now.size === 0) this.#turn();
    return this.#now.firstMs;
  }

  /** @param payload from 0 to 2^32-1 */
  push(timeMs: number, payload: number): void {
    this.#size++;
    const number = Math.floor(timeMs / this.pageMs);
    if (number <= this.#open) {
      this.#now.push(timeMs, payload);
      return;
    }
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = new Page();
      this.#pages.set(number, page);
    }
    page.add(timeMs, payload);
  }

  /** Takes the first event out and gives its payload. @throws RangeError where there is none */
  pop(): number {
    if (this.#now.size === 0) this.#turn();
    const payload = this.#now.pop();
    this.#size--;
    return payload;
  }

  /** Opens the next page that has events. */
  #turn(): void {
    if (this.#pages.size === 0) return;
    let next = this.#open + 1;
    // Pages follow each other closely in a fleet; where none is near, all are looked at once.
    for (let tried = 0; tried < 64 && !this.#pages.has(next); tried++) next++;
    if (!this.#pages.has(next)) next = Math.min(...this.#pages.keys());
    const page = this.#pages.get(next)!;
    this.#pages.delete(next);
    this.#open = next;
    page.moveTo(this.#now);
  }
}

/** Events of one page in the order in which they came. */
class Page {
  #times = new Float64Array(16);
  #payloads = new Uint32Array(16);
  #size = 0;

  add(timeMs: number, payload: number): void {
    if (this.#size === this.#times.length) this.#grow();
    this.#times[this.#size] = timeMs;
    this.#payloads[this.#size++] = payload;
  }

  moveTo(queue: EventQueue): void {
    for (let i = 0; i < this.#size; i++) queue.push(this.#times[i]!, this.#payloads[i]!);
  }

  #grow(): void {
    const times = new Float64Array(2 * this.#size);
    times.set(this.#times);
    const payloads = new Uint32Array(2 * this.#size);
    payloads.set(this.#payloads);
    [this.#times, this.#payloads] = [times, payloads];
  }
}
