import { type Clock, systemClock } from '../support/clock';

/** How far the clock may run ahead of the monotonic count before it is taken to have been set forward. */
const JUMP_NS = 100_000_000;

/**
 * Time of day in nanoseconds: the clock says when, Node's monotonic counter how long since, so that what is between two
 * readings is exact. It never runs backwards; a clock that is set forward is followed.
 */
export class WallTime {
  /** What the clock is ahead of the counter by, to the nanosecond, and as a number, which is next to that. */
  #anchor: bigint;
  #anchorNs: number;

  constructor(private readonly clock: Clock = systemClock) {
    this.#anchor = clockNs(clock) - process.hrtime.bigint();
    this.#anchorNs = Number(this.#anchor);
  }

  /** Nanoseconds since 1970-01-01 UTC. */
  nowNs(): bigint {
    const monotonic = process.hrtime.bigint();
    // Numbers tell a jump well enough, and are quicker than bigints.
    if (this.clock.now() * 1e6 - Number(monotonic) - this.#anchorNs > JUMP_NS) this.#follow(monotonic);
    return monotonic + this.#anchor;
  }

  #follow(monotonic: bigint): void {
    this.#anchor = clockNs(this.clock) - monotonic;
    this.#anchorNs = Number(this.#anchor);
  }
}

function clockNs(clock: Clock): bigint {
  return BigInt(Math.round(clock.now() * 1000)) * 1000n;
}
