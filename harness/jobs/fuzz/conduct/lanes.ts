/** How often it is looked which cases take long. */
const LOOK_MS = 5;

interface Lane {
  /** Looks since its case was begun. */
  looks: number;
  isLong: boolean;
}

export interface LanesOptions {
  /** So many cases at a time that are answered. */
  readonly lanes: number;
  /** So many more at most, one for each that waits for a host that says nothing. */
  readonly more: number;
  /** A case that takes longer than that waits for nothing. */
  readonly longMs: () => number;
}

/** Runs cases side by side. One that takes long gives its place to another: what it waits for takes nothing from the host, nor from us. */
export class Lanes {
  readonly #free: number[];
  readonly #running = new Set<Lane>();
  /** Lanes that were begun and nobody waits for yet. */
  #begun: Promise<void>[] = [];
  #isFailed = false;
  #failure: unknown;

  constructor(private readonly options: LanesOptions) {
    this.#free = Array.from({ length: options.lanes + options.more }, (_, i) => i).reverse();
  }

  /**
   * Runs cases as long as there are any, and waits for all of them.
   * @param isDue whether one more is to be begun
   * @param one runs the next case; it is told the number of its lane
   * @throws what the first throws that does
   */
  async run(isDue: () => boolean, one: (lane: number) => Promise<void>): Promise<void> {
    this.#isFailed = false;
    const isStillDue = (): boolean => !this.#isFailed && isDue();
    const begin = (): void => void this.#begun.push(this.#lane(this.#free.pop()!, isStillDue, one));
    const look = setInterval(() => this.#look(isStillDue, begin), LOOK_MS);
    try {
      for (let i = 0; i < this.options.lanes; i++) begin();
      while (this.#begun.length > 0) await Promise.all(this.#begun.splice(0));
    } finally {
      clearInterval(look);
    }
    if (this.#isFailed) throw this.#failure;
  }

  #look(isDue: () => boolean, begin: () => void): void {
    const longMs = this.options.longMs();
    for (const lane of this.#running) {
      if (lane.isLong || ++lane.looks * LOOK_MS <= longMs) continue;
      if (this.#free.length === 0 || !isDue()) return;
      lane.isLong = true;
      begin();
    }
  }

  async #lane(number: number, isDue: () => boolean, one: (lane: number) => Promise<void>): Promise<void> {
    const lane: Lane = { looks: 0, isLong: false };
    this.#running.add(lane);
    try {
      while (isDue()) {
        lane.looks = 0;
        await one(number);
        // Another has taken its place.
        if (lane.isLong) break;
      }
    } catch (error) {
      if (!this.#isFailed) this.#failure = error;
      this.#isFailed = true;
    } finally {
      this.#running.delete(lane);
      this.#free.push(number);
    }
  }
}
