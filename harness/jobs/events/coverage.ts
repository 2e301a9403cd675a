import { type EventTable, NO_MINUTE } from './event-table';
import type { Offsets } from './utc-offsets';
import type { SeenRequest } from './requests';

/** From when to when a log holds events, by the clients' times as it writes them: minutes since 1970, as if UTC. */
export interface Coverage {
  readonly first: number;
  readonly last: number;
}

/** A log is exported some time after its last event: requests this much later would be in it. */
const SLACK_MINUTES = 15;
/** A client whose clock is further off than this tells nothing of when the log was written. */
const WRONG_CLOCK_MINUTES = 24 * 60;

/** @returns null where no time of a client can be read */
export function coverageOf(events: EventTable, { parts }: Offsets): Coverage | null {
  const offset = parts[0]?.offset ?? 0;
  return (
    range(events, (minute, index) => !isWrong(minute, events.loggedAt.at(index), offset)) ??
    range(events, () => true)
  );
}

/** True also where the file does not tell when an event was logged: NaN is never greater. */
const isWrong = (minute: number, loggedAt: number, offset: number): boolean =>
  Math.abs(minute - offset - loggedAt / 60_000) > WRONG_CLOCK_MINUTES;

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

/** Whether the log would hold a request: by the client's clock, or where that is wrong, by the time of the capture. */
export function covers({ first, last }: Coverage, request: SeenRequest, offset: number): boolean {
  return [request.minute, request.capturedMinute].some(
    (minute) =>
      minute !== null && minute + offset >= first - SLACK_MINUTES && minute + offset <= last + SLACK_MINUTES,
  );
}
