import { type Clock, systemClock } from '../support/clock';

/** How far the clock may run ahead of the monotonic count before it is taken to have been set forward. */
const JUMP_NS = 100_000_000n;

/**
 * Time of day in nanoseconds: the clock says when, Node's monotonic counter how long since, so that what is between two
 * readings is exact. It never runs backwards; a clock that is set forward is followed.
 */
export class WallTime {
  #anchor: bigint;

  constructor(private readonly clock: Clock = systemClock) {
    this.#anchor = clockNs(clock) - process.hrtime.bigint();
  }

  /** Nanoseconds since 1970-01-01 UTC. */
  nowNs(): bigint {
    const monotonic = process.hrtime.bigint();
    const told = clockNs(this.clock);
    if (told - monotonic - this.#anchor > JUMP_NS) this.#anchor = told - monotonic;
    return monotonic + this.#anchor;
  }
}

function clockNs(clock: Clock): bigint {
  return BigInt(Math.round(clock.now() * 1000)) * 1000n;
}
