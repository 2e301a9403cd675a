/** The least time that an answer may be out before the host is asked on another connection whether it is alive. */
const OVERDUE_MS = 500;
/** An answer that takes so many times what the slowest of late took is overdue. */
const OVERDUE_FACTOR = 3;

/**
 * Whether the host is alive while a scenario waits for it: as soon as an answer is overdue, a good request goes out beside
 * it, so that a dead or silent host is told in one time to live. One such request at a time for the whole run.
 */
export class Liveness {
  #asked: Promise<boolean> | null = null;

  /** @param askNow one good request on a connection of its own: true where it was answered within the time to live */
  constructor(
    private readonly askNow: () => Promise<boolean>,
    private readonly timeoutMs: number,
    /** What the slowest answer of late took. */
    private readonly slowestMs: () => number = () => 0,
  ) {}

  async watch<T>(work: () => Promise<T>): Promise<T> {
    const overdueMs = Math.max(OVERDUE_MS, OVERDUE_FACTOR * this.slowestMs());
    const timer = setTimeout(() => void this.ask(), Math.min(overdueMs, this.timeoutMs / 4));
    try {
      return await work();
    } finally {
      clearTimeout(timer);
    }
  }

  /** Asks, or joins the request that is under way. */
  ask(): Promise<boolean> {
    if (this.#asked !== null) return this.#asked;
    const answered = this.askNow().finally(() => {
      this.#asked = null;
    });
    this.#asked = answered;
    return answered;
  }
}
