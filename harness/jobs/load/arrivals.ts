import type { Schedule } from './schedule';

/** A request that is due. Times are milliseconds from the start of the load. */
export interface Due {
  readonly intendedMs: number;
  /** No connection was free when it was due: that it starts late is the host's doing. */
  readonly queued: boolean;
}

/** Timers of Node fire on whole milliseconds at best. */
const SHORTEST_WAIT_MS = 1;

/** Hands requests out to connections as they fall due, and keeps those for which none is free. */
export class Arrivals {
  readonly #backlog: Due[] = [];
  readonly #waiting: ((due: Due | null) => void)[] = [];
  #taken = 0;
  #next: number;
  #timer: NodeJS.Timeout | null = null;
  #over = false;

  /**
   * @param step this thread takes request `first`, `first + step` and so on
   * @param elapsedMs milliseconds since the start, which may be yet to come (negative)
   */
  constructor(
    private readonly schedule: Schedule,
    first: number,
    private readonly step: number,
    private readonly elapsedMs: () => number,
  ) {
    this.#next = first;
    this.#arm();
  }

  /** The next request to send, once it is due; null when there are no more. */
  next(): Promise<Due | null> {
    const due = this.#takeBacklog();
    if (due !== undefined) return Promise.resolve(due);
    if (this.#over) return Promise.resolve(null);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** No more requests are handed out; those that were due and not taken are returned. */
  stop(): readonly Due[] {
    this.#end();
    return this.#backlog.splice(this.#taken);
  }

  #takeBacklog(): Due | undefined {
    const due = this.#backlog[this.#taken];
    if (due === undefined) return undefined;
    if (++this.#taken > 1024) {
      this.#backlog.splice(0, this.#taken);
      this.#taken = 0;
    }
    return due;
  }

  #arm(): void {
    const inMs = this.schedule.at(this.#next) - this.elapsedMs();
    if (inMs === Infinity) return this.#end();
    this.#timer = setTimeout(() => this.#handOut(), Math.max(SHORTEST_WAIT_MS, Math.floor(inMs)));
  }

  #handOut(): void {
    const nowMs = this.elapsedMs();
    for (let at = this.schedule.at(this.#next); at <= nowMs; at = this.schedule.at(this.#next)) {
      this.#next += this.step;
      const free = this.#waiting.shift();
      if (free === undefined) this.#backlog.push({ intendedMs: at, queued: true });
      else free({ intendedMs: at, queued: false });
    }
    this.#arm();
  }

  #end(): void {
    this.#over = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const resolve of this.#waiting.splice(0)) resolve(null);
  }
}
