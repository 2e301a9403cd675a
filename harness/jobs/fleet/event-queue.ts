/**
 * Events in order of time; those of one instant in the order in which they were put in, so that a run repeats exactly. A binary heap of
 * plain numbers in typed arrays: no object an event, and two doublings from a thousand machines to a hundred thousand.
 */
export class EventQueue {
  #times = new Float64Array(1024);
  #orders = new Float64Array(1024);
  #payloads = new Uint32Array(1024);
  #size = 0;
  #next = 0;

  get size(): number {
    return this.#size;
  }

  /** When the first event is due, Infinity where there is none. */
  get firstMs(): number {
    return this.#size === 0 ? Infinity : this.#times[0]!;
  }

  /** @param payload from 0 to 2^32-1 */
  push(timeMs: number, payload: number): void {
    if (this.#size === this.#times.length) this.#grow();
    this.#rise(this.#size++, timeMs, this.#next++, payload);
  }

  /** Takes the first event out and gives its payload. @throws RangeError where there is none */
  pop(): number {
    if (this.#size === 0) throw new RangeError('the event queue is empty');
    const first = this.#payloads[0]!;
    const last = --this.#size;
    if (last > 0) this.#sink(this.#times[last]!, this.#orders[last]!, this.#payloads[last]!);
    return first;
  }

  #rise(from: number, time: number, order: number, payload: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const parentTime = this.#times[parent]!;
      if (parentTime < time || (parentTime === time && this.#orders[parent]! < order)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#set(at, time, order, payload);
  }

  #sink(time: number, order: number, payload: number): void {
    let at = 0;
    for (let child = 1; child < this.#size; child = 2 * at + 1) {
      if (child + 1 < this.#size && this.#before(child + 1, child)) child++;
      const childTime = this.#times[child]!;
      if (time < childTime || (time === childTime && order < this.#orders[child]!)) break;
      this.#move(child, at);
      at = child;
    }
    this.#set(at, time, order, payload);
  }

  #before(a: number, b: number): boolean {
    const timeA = this.#times[a]!;
    const timeB = this.#times[b]!;
    return timeA < timeB || (timeA === timeB && this.#orders[a]! < this.#orders[b]!);
  }

  #move(from: number, to: number): void {
    this.#set(to, this.#times[from]!, this.#orders[from]!, this.#payloads[from]!);
  }

  #set(at: number, time: number, order: number, payload: number): void {
    this.#times[at] = time;
    this.#orders[at] = order;
    this.#payloads[at] = payload;
  }

  #grow(): void {
    const size = 2 * this.#times.length;
    const times = new Float64Array(size);
    times.set(this.#times);
    const orders = new Float64Array(size);
    orders.set(this.#orders);
    const payloads = new Uint32Array(size);
    payloads.set(this.#payloads);
    [this.#times, this.#orders, this.#payloads] = [times, orders, payloads];
  }
}
