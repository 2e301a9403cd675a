import { differences, type EventDifference } from './compare-fields';
import { type Coverage, coverageOf, covers, tellsTime } from './coverage';
import type { LoggedEvent } from './event-line';
import type { EventTable } from './event-table';
import { machinesOf } from './machines';
import { assignEvents } from './match';
import type { SeenRequest } from './requests';
import { findOffsets, type OffsetPart, type Offsets } from './utc-offsets';

/** Whether a request that was seen stands in the host's event log. */
export type CorrelationVerdict =
  | 'logged'
  | 'logged-differently'
  | 'missed'
  /** The log cannot tell: it holds nothing of that time, or events that could not be read. */
  | 'undecided';

/** A request that was seen, the event that tells of it, and in what they differ. */
export interface CorrelatedRequest {
  readonly seen: SeenRequest;
  readonly verdict: CorrelationVerdict;
  /** Null where none was found. */
  readonly event: LoggedEvent | null;
  readonly differences: readonly EventDifference[];
  /** Why it is undecided. */
  readonly reason?: string;
}

/** Requests that were seen against an event log. */
export interface Correlation {
  readonly requests: readonly CorrelatedRequest[];
  /** Events of requests that were not seen: other clients, another time. How many, and the first of them. */
  readonly unmatched: { readonly count: number; readonly first: readonly LoggedEvent[] };
  /** Minutes by which the log writes client times ahead of UTC; more than one part where that changed. */
  readonly offsets: readonly OffsetPart[];
  /** Null where the log has no client time that can be read. */
  readonly coverage: Coverage | null;
}

/** What a correlation needs of a log. */
export interface ComparedLog {
  readonly events: EventTable;
  /** Events of requests that could not be read. */
  readonly unreadable: number;
}

const MOST_UNMATCHED = 1000;

/**
 * Holds what was seen on the wire against what the host logged. Each event is taken by one request at most: equal ones first, then by closeness.
 * A request is missed only where the log covers its time, and where no event that could not be read may be its own.
 */
export function correlate(seen: readonly SeenRequest[], { events, unreadable }: ComparedLog): Correlation {
  const machines = machinesOf(seen, events);
  const offsets = findOffsets(seen, events, machines);
  const eventOf = assignEvents({ seen, events, offsets: offsets.ofRequest }, machines);
  const coverage = coverageOf(events, offsets);
  const judge = new Judge({ offsets, coverage, unreadable, isTimed: tellsTime(seen) });
  const requests = seen.map((request, i) =>
    judge.judge(request, i, eventOf[i] === -1 ? null : events.at(eventOf[i]!)),
  );
  return {
    requests: judge.settled(requests),
    unmatched: unmatchedOf(events, eventOf),
    offsets: offsets.parts,
    coverage,
  };
}

/** What tells whether a request that was not found should have been. */
interface Grounds {
  readonly offsets: Offsets;
  readonly coverage: Coverage | null;
  readonly unreadable: number;
  readonly isTimed: boolean;
}

class Judge {
  constructor(private readonly grounds: Grounds) {}

  judge(seen: SeenRequest, index: number, event: LoggedEvent | null): CorrelatedRequest {
    const { offsets, coverage, isTimed } = this.grounds;
    const offset = offsets.ofRequest[index]!;
    if (event !== null) {
      const found = differences(seen, event, offset);
      return {
        seen,
        verdict: found.length === 0 ? 'logged' : 'logged-differently',
        event,
        differences: found,
      };
    }
    if (coverage === null || !covers(coverage, seen, offset, isTimed)) {
      return {
        seen,
        verdict: 'undecided',
        event,
        differences: [],
        reason: 'the log holds nothing of its time',
      };
    }
    return { seen, verdict: 'missed', event, differences: [] };
  }

  /** As many as could not be read may be those that were not found: only what is more than that is missed. */
  settled(requests: readonly CorrelatedRequest[]): readonly CorrelatedRequest[] {
    const missed = requests.filter(({ verdict }) => verdict === 'missed').length;
    if (missed === 0 || missed > this.grounds.unreadable) return requests;
    const reason = 'it may be among the events that could not be read';
    return requests.map((one) => (one.verdict === 'missed' ? { ...one, verdict: 'undecided', reason } : one));
  }
}

function unmatchedOf(events: EventTable, eventOf: Int32Array): Correlation['unmatched'] {
  const isTaken = new Uint8Array(events.length);
  let taken = 0;
  for (const event of eventOf) {
    if (event < 0) continue;
    isTaken[event] = 1;
    taken++;
  }
  const first: LoggedEvent[] = [];
  for (let i = 0; i < events.length && first.length < MOST_UNMATCHED; i++) {
    if (isTaken[i] === 0) first.push(events.at(i));
  }
  return { count: events.length - taken, first };
}
