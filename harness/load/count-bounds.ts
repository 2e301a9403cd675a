import { CLIENT_THRESHOLD } from '../../protocol';

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

/**
 * What the counting model leaves open where many ask at once: the count of an answer lies between the machines that had been answered
 * before the request was sent, and those that had been sent when the answer came, both up to the places of the cache.
 */
export class CountBounds {
  readonly #places: number;
  /** The most that a host can count which others may have asked before: N_Policy of 25 gives 50 places. */
  readonly #mostPlaces: number;
  readonly #answered: Uint8Array;
  readonly #sent: Uint8Array;
  #distinctAnswered = 0;

  /**
   * @param machines of this thread, numbered from 0
   * @param fresh whether the host held nothing at the start
   */
  constructor(
    requiredClientCount: number,
    machines: number,
    private readonly fresh: boolean,
    private readonly shared: SharedMachines,
  ) {
    this.#places = 2 * requiredClientCount;
    this.#mostPlaces = fresh ? this.#places : Math.max(this.#places, 2 * CLIENT_THRESHOLD);
    this.#answered = new Uint8Array(machines);
    this.#sent = new Uint8Array(machines);
  }

  /** A request of `machine` is sent. @returns the least count that its answer may have */
  send(machine: number): number {
    if (this.#sent[machine] === 0) {
      this.#sent[machine] = 1;
      this.shared.add();
    }
    return Math.min(this.#places, this.#distinctAnswered + (this.#answered[machine] === 0 ? 1 : 0));
  }

  /** The answer has come. @returns what is wrong with its count, or null */
  answer(machine: number, count: number, least: number): string | null {
    const most = this.fresh ? Math.min(this.#places, this.shared.count) : this.#mostPlaces;
    if (this.#answered[machine] === 0) {
      this.#answered[machine] = 1;
      this.#distinctAnswered++;
    }
    if (count >= least && count <= most) return null;
    return `a count of ${count} where the model allows ${least} to ${most}`;
  }
}
