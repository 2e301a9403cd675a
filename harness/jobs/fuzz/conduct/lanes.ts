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

/** What lanes have to do at the time. */
interface Work {
  readonly isDue: () => boolean;
  readonly one: (lane: number) => Promise<void>;
  /** A case is over, or a lane is. */
  readonly onEnd: () => void;
}

/** Runs cases side by side. One that takes long gives its place to another: what it waits for takes nothing from the host, nor from us. */
export class Lanes {
  readonly #free: number[];
  readonly #running = new Set<Lane>();
  #work: Work | null = null;
  #isFailed = false;
  #failure: unknown;

  constructor(private readonly options: LanesOptions) {
    this.#free = Array.from({ length: options.lanes + options.more }, (_, i) => i).reverse();
  }

  /**
   * Runs cases as long as there are any, and waits for all of them, those that an earlier run has left included.
   * @param isDue whether one more is to be begun
   * @param one runs the next case; it is told the number of its lane
   * @param isOver whether it is waited for no more: what is still running is left to the next run
   * @throws what the first throws that does
   */
  async run(
    isDue: () => boolean,
    one: (lane: number) => Promise<void>,
    isOver: () => boolean = () => false,
  ): Promise<void> {
    let look: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      const onEnd = (): void => {
        if (this.#running.size === 0 || (!this.#isFailed && isOver())) resolve();
      };
      this.#work = { isDue: () => !this.#isFailed && isDue(), one, onEnd };
      look = setInterval(() => this.#look(), LOOK_MS);
      const answered = [...this.#running].filter(({ isLong }) => !isLong).length;
      for (let i = answered; i < this.options.lanes; i++) this.#begin();
      onEnd();
    });
    clearInterval(look);
    this.#work = null;
    if (!this.#isFailed) return;
    this.#isFailed = false;
    throw this.#failure;
  }

  #look(): void {
    const longMs = this.options.longMs();
    for (const lane of this.#running) {
      if (lane.isLong || ++lane.looks * LOOK_MS <= longMs) continue;
      if (this.#free.length === 0 || this.#work?.isDue() !== true) return;
      lane.isLong = true;
      this.#begin();
    }
  }

  #begin(): void {
    const number = this.#free.pop();
    if (number !== undefined) void this.#lane(number);
  }

  async #lane(number: number): Promise<void> {
    const lane: Lane = { looks: 0, isLong: false };
    this.#running.add(lane);
    try {
      // Of the run that there is by then.
      while (this.#work?.isDue() === true) {
        lane.looks = 0;
        await this.#work.one(number);
        // Another has taken its place.
        if (lane.isLong) break;
        this.#work?.onEnd();
      }
    } catch (error) {
      if (!this.#isFailed) this.#failure = error;
      this.#isFailed = true;
    } finally {
      this.#running.delete(lane);
      this.#free.push(number);
      this.#work?.onEnd();
    }
  }
}
