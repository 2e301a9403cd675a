import { type EventTable, NO_MINUTE } from './event-table';
import type { Offsets } from './utc-offsets';
import type { SeenRequest } from './requests';

/** From when to when a log holds events, by the clients' times as it writes them: minutes since 1970, as if UTC. */
export interface Coverage {
  readonly first: number;
  readonly last: number;
}

/** A log is exported some time after its last event: requests this much later would be in it. What came before its first may have been cleared. */
const SLACK_MINUTES = 15;
/** A client whose clock is further off than this tells nothing of when the log was written, if there are others. */
const WRONG_CLOCK_MINUTES = [5, 24 * 60] as const;

/** @returns null where no time of a client can be read */
export function coverageOf(events: EventTable, { parts }: Offsets): Coverage | null {
  const offset = parts[0]?.offset ?? 0;
  for (const most of WRONG_CLOCK_MINUTES) {
    const found = range(events, (minute, index) => !isWrong(minute, events.loggedAt.at(index), offset, most));
    if (found !== null) return found;
  }
  return range(events, () => true);
}

/** False also where the file does not tell when an event was logged: NaN is never greater. */
const isWrong = (minute: number, loggedAt: number, offset: number, most: number): boolean =>
  Math.abs(minute - offset - loggedAt / 60_000) > most;

function range(events: EventTable, counts: (minute: number, index: number) => boolean): Coverage | null {
  let [first, last] = [Infinity, -Infinity];
  for (let i = 0; i < events.length; i++) {
    const minute = events.minute.at(i);
    if (minute === NO_MINUTE || !counts(minute, i)) continue;
    if (minute < first) first = minute;
    if (minute > last) last = minute;
  }
  return first === Infinity ? null : { first, last };
}

/** A capture whose clock is further off than this from the clients' tells no time. */
const CAPTURED_MINUTES = 60;

/** Whether the capture's times can be held against the log: those of most clients agree with them. */
export function tellsTime(seen: readonly SeenRequest[]): boolean {
  const agreeing = seen.filter(
    ({ minute, capturedMinute }) =>
      capturedMinute !== null && Math.abs(minute - capturedMinute) <= CAPTURED_MINUTES,
  );
  return agreeing.length * 2 > seen.length;
}

/**
 * Whether the log would hold a request: by the time of the capture, or by the client's clock where that is not to be relied on.
 * @param isTimed what {@link tellsTime} says of the capture
 */
export function covers(coverage: Coverage, request: SeenRequest, offset: number, isTimed: boolean): boolean {
  const { minute, capturedMinute } = request;
  const times = isTimed && capturedMinute !== null ? [capturedMinute] : [minute, capturedMinute];
  return times.some(
    (time) =>
      time !== null && time + offset >= coverage.first && time + offset <= coverage.last + SLACK_MINUTES,
  );
}
