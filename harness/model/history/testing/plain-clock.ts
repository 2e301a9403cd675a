import { RECORD_LIFETIME_MS } from '../../client-cache';
import type { HistoryEvent, HistoryRequest } from '../history';

/** A host as naively as the reference model reads: records from the oldest to the newest, places, and how far its clock was set forward. */
interface ClockedHost {
  readonly records: readonly { readonly name: string; readonly atMs: number }[];
  readonly capacity: number;
  readonly aheadMs: number;
}

const EMPTY: ClockedHost = { records: [], capacity: 0, aheadMs: 0 };

function grant(
  host: ClockedHost,
  { clientMachineId, requiredClientCount, startMs }: HistoryRequest,
): ClockedHost {
  const nowMs = startMs + host.aheadMs;
  const young = host.records.filter(({ atMs }) => nowMs - atMs <= RECORD_LIFETIME_MS);
  const capacity = Math.max(host.capacity, 2 * Math.max(requiredClientCount, 1));
  const others = young.filter(({ name }) => name !== clientMachineId);
  const room = others.length >= capacity ? others.slice(1) : others;
  return { ...host, capacity, records: [...room, { name: clientMachineId, atMs: nowMs }] };
}

function after(host: ClockedHost, event: HistoryEvent): ClockedHost {
  if (event.kind === 'request') return grant(host, event);
  return event.control === 'advance'
    ? { ...host, aheadMs: host.aheadMs + event.advanceMs }
    : { ...EMPTY, aheadMs: host.aheadMs };
}

/**
 * Tries every order of a history in which nothing comes before what ended before it started; times are a few ms, so that only a clock that is
 * set makes records old.
 * @returns every list of counts that some order gives, one for each event (null for controls and for answers that were lost), as JSON
 */
export function everyClockedCounts(events: readonly HistoryEvent[]): ReadonlySet<string> {
  const found = new Set<string>();
  const counts = events.map((): number | null => null);
  const isLost = (event: HistoryEvent): boolean => event.kind === 'request' && event.endMs === Infinity;
  const walk = (host: ClockedHost, left: readonly number[]): void => {
    if (left.every((i) => isLost(events[i]!))) found.add(JSON.stringify(counts));
    for (const i of left) {
      const event = events[i]!;
      if (left.some((other) => events[other]!.endMs < event.startMs)) continue;
      const next = after(host, event);
      counts[i] = event.kind === 'request' && !isLost(event) ? next.records.length : null;
      walk(
        next,
        left.filter((other) => other !== i),
      );
    }
  };
  walk(
    EMPTY,
    events.map((_, i) => i),
  );
  return found;
}

/** The same history with other counts; null stays null. */
export const answeredWith = (
  events: readonly HistoryEvent[],
  counts: readonly (number | null)[],
): HistoryEvent[] =>
  events.map((event, i) => (event.kind === 'request' ? { ...event, count: counts[i]! } : event));
