import { HISTORY_SCHEMA, type HistoryEvent } from '../../../model/history/history';
import { Random } from '../../../support/random';
import { countsIn, hasOrder, mayBeNext } from '../plain/every-order';
import type { CountingProfile } from '../plain/host';
import { PROFILES } from './countings';
import { MADE, type Unnumbered } from './made';

type HistoryVector = Unnumbered<'history'>;

/** So many of each profile, with an order and without. */
const OF_EACH = 25;
const DAY = 24 * 3600 * 1000;
const SPAN_MS = 60;

/**
 * Requests that overlapped, and whether some order of them gives their counts. The counts of those with one come from an order that was drawn; of
 * the others one count is another by one, and no order at all gives them.
 */
export function* histories(): Generator<HistoryVector> {
  const random = new Random(25);
  for (const profile of PROFILES) {
    const left = { with: OF_EACH, without: OF_EACH };
    while (left.with + left.without > 0) {
      const events = answered(drawn(random), profile, random);
      const isAsGiven = random.chance(0.5);
      const judged = isAsGiven ? events : withOneWrong(events, random);
      const isOrdered = isAsGiven || hasOrder(judged, profile);
      if (left[isOrdered ? 'with' : 'without'] === 0) continue;
      left[isOrdered ? 'with' : 'without']--;
      const comment = isAsGiven ? 'as an order gives them' : 'one count is another by one';
      const history = { schema: HISTORY_SCHEMA, start: 'empty', events: judged.map(inFile) } as const;
      yield { comment, source: MADE, profile, history, hasOrder: isOrdered } as HistoryVector;
    }
  }
}

/** Three to seven events; requests of few machines, so that they meet. */
function drawn(random: Random): HistoryEvent[] {
  const machines = random.int(2, 4);
  return Array.from({ length: random.int(3, 7) }, () => {
    const startMs = random.int(0, SPAN_MS);
    const endMs = startMs + random.int(0, SPAN_MS / 2);
    if (random.chance(0.08)) {
      const control = random.pick(['reset', 'restart', 'advance'] as const);
      return {
        kind: 'control',
        startMs,
        endMs,
        control,
        advanceMs: control === 'advance' ? random.pick([29, 31]) * DAY : 0,
      };
    }
    return {
      kind: 'request',
      startMs,
      endMs: random.chance(0.1) ? Infinity : endMs,
      applicationId: random.chance(0.9) ? 'windows' : 'office',
      clientMachineId: `client-${random.int(1, machines)}`,
      requiredClientCount: random.pick([1, 1, 2]),
      isVirtualMachine: random.chance(0.15),
      count: null,
    };
  });
}

/** The events with the counts of an order that is drawn from those that may be. */
function answered(events: readonly HistoryEvent[], profile: CountingProfile, random: Random): HistoryEvent[] {
  const order: HistoryEvent[] = [];
  for (let left = [...events]; left.length > 0; ) {
    const next = random.pick(left.filter((event) => mayBeNext(event, left)));
    order.push(next);
    left = left.filter((event) => event !== next);
  }
  const counts = new Map(countsIn(order, profile).map((count, i) => [order[i], count]));
  return events.map((event) => (event.kind === 'request' ? { ...event, count: counts.get(event)! } : event));
}

function withOneWrong(events: readonly HistoryEvent[], random: Random): HistoryEvent[] {
  const judged = events.filter((event) => event.kind === 'request' && event.count !== null);
  if (judged.length === 0) return [...events];
  const wrong = random.pick(judged);
  const by = random.pick([1, -1]);
  return events.map((event) =>
    event === wrong && event.kind === 'request' ? { ...event, count: Math.max(0, event.count! + by) } : event,
  );
}

/** As files of `check-history` have it. */
function inFile(event: HistoryEvent): unknown {
  if (event.kind === 'control') {
    const { advanceMs, ...rest } = event;
    return rest.control === 'advance' ? { ...rest, advanceSeconds: advanceMs / 1000 } : rest;
  }
  const { isVirtualMachine, endMs, ...rest } = event;
  return {
    ...rest,
    endMs: endMs === Infinity ? null : endMs,
    ...(isVirtualMachine ? { virtual: true } : {}),
  };
}
