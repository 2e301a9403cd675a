/** Machines of all threads that have been sent at least once: counts cannot be higher at a host that was fresh. */
export class SharedMachines {
  readonly #sent: Int32Array;

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(4)) {
    this.#sent = new Int32Array(buffer);
  }

  /** To be told before a machine's first request is sent. */
  add(): void {
    Atomics.add(this.#sent, 0, 1);
  }

  get count(): number {
    return Atomics.load(this.#sent, 0);
  }
}
