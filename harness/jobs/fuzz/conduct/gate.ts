const RUNNING = 0;
const WANTED = 1;
const LOOKS = 2;
const WORDS = 3;
const POLL_MS = 2;

/**
 * Keeps workers that share a target out of each other's way: any number of them run cases, or one of them alone looks at what it met,
 * while a host may die again and again. It works across threads.
 */
export class Gate {
  readonly #words: Int32Array;
  readonly #pause: () => Promise<void>;

  /** @param shared `Gate.memory()`, the same for all who share the target */
  constructor(
    shared: SharedArrayBuffer = Gate.memory(),
    pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, POLL_MS)),
  ) {
    this.#words = new Int32Array(shared);
    this.#pause = pause;
  }

  static memory(): SharedArrayBuffer {
    return new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT);
  }

  /** Somebody waits to be alone: no further case is to be begun. */
  get wanted(): boolean {
    return Atomics.load(this.#words, WANTED) !== 0;
  }

  /** How often somebody was alone so far. */
  get looks(): number {
    return Atomics.load(this.#words, LOOKS);
  }

  /** Runs cases beside others that do. */
  async among<T>(run: () => Promise<T>): Promise<T> {
    for (;;) {
      while (this.wanted) await this.#pause();
      Atomics.add(this.#words, RUNNING, 1);
      if (!this.wanted) break;
      Atomics.sub(this.#words, RUNNING, 1);
    }
    try {
      return await run();
    } finally {
      Atomics.sub(this.#words, RUNNING, 1);
    }
  }

  /** Waits for all others to be through with what they run, and keeps them from going on meanwhile. */
  async alone<T>(look: () => Promise<T>): Promise<T> {
    while (Atomics.compareExchange(this.#words, WANTED, 0, 1) !== 0) await this.#pause();
    try {
      while (Atomics.load(this.#words, RUNNING) > 0) await this.#pause();
      return await look();
    } finally {
      Atomics.add(this.#words, LOOKS, 1);
      Atomics.store(this.#words, WANTED, 0);
    }
  }
}
