/** Where the harness takes the time of day from. Durations and deadlines use Node's monotonic timers instead. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
}

/** The time of this machine. */
export const systemClock: Clock = { now: () => Date.now() };

/** A clock that runs along with another and can be set forward, as a lab host's. */
export class AdjustableClock implements Clock {
  #aheadMs = 0;

  constructor(private readonly base: Clock = systemClock) {}

  now(): number {
    return this.base.now() + this.#aheadMs;
  }

  advance(seconds: number): void {
    this.#aheadMs += seconds * 1000;
  }
}

/** A clock that stands still until it is set forward: virtual time. */
export class VirtualClock implements Clock {
  constructor(private nowMs: number) {}

  now(): number {
    return this.nowMs;
  }

  advance(seconds: number): void {
    this.nowMs += seconds * 1000;
  }
}
