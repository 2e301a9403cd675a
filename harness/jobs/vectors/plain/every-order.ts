import type { HistoryEvent, HistoryRequest } from '../../../model/history/history';
import { control, type CountingProfile, EMPTY_HOST, grant, type PlainHost } from './host';

interface Way {
  readonly host: PlainHost;
  /** Ms that the host's clock was set forward by. */
  readonly nowMs: number;
}

const BEGINNING: Way = { host: EMPTY_HOST, nowMs: 0 };

/**
 * Whether some order of the events gives the counts, by trial of every one in which nothing comes before what ended before it started. A
 * request whose answer was lost may have been taken or not.
 */
export function hasOrder(
  events: readonly HistoryEvent[],
  profile: CountingProfile,
  way = BEGINNING,
): boolean {
  if (events.every(isLost)) return true;
  return events.some((event) => {
    if (!mayBeNext(event, events)) return false;
    const after = taken(event, way, profile);
    if (event.kind === 'request' && event.count !== null && event.count !== after.count) return false;
    return hasOrder(
      events.filter((other) => other !== event),
      profile,
      after,
    );
  });
}

/** What the requests are answered when they are taken in this order; a lost one has no answer. */
export function countsIn(order: readonly HistoryEvent[], profile: CountingProfile): (number | null)[] {
  let way = BEGINNING;
  return order.map((event) => {
    const { count, ...after } = taken(event, way, profile);
    way = after;
    return event.kind === 'request' && !isLost(event) ? count : null;
  });
}

/** Nothing that is still to come ended before this started. */
export const mayBeNext = (event: HistoryEvent, left: readonly HistoryEvent[]): boolean =>
  left.every((other) => other === event || other.endMs >= event.startMs);

const isLost = (event: HistoryEvent): event is HistoryRequest =>
  event.kind === 'request' && event.endMs === Infinity;

function taken(
  event: HistoryEvent,
  { host, nowMs }: Way,
  profile: CountingProfile,
): Way & { readonly count: number } {
  if (event.kind === 'request') {
    return { ...grant(host, { ...event, virtual: event.isVirtualMachine }, nowMs, profile), nowMs };
  }
  const { control: what, advanceMs } = event;
  if (what === 'advance') return { host, nowMs: nowMs + advanceMs, count: 0 };
  return { host: control(host, what, profile), nowMs, count: 0 };
}
