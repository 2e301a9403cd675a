import { formatFiletime, formatStatus, unixMsFromFiletime } from '../../protocol';
import type { LoggedEvent } from './event-line';
import { machineName, type SeenRequest } from './requests';

/** One field in which log and capture differ. */
export interface EventDifference {
  readonly field: string;
  readonly seen: string;
  readonly logged: string;
}

export interface CorrelatedRequest {
  readonly seen: SeenRequest;
  readonly verdict: 'logged' | 'logged-differently' | 'missed';
  /** Null where it was missed. */
  readonly event: LoggedEvent | null;
  readonly differences: readonly EventDifference[];
}

export interface Correlation {
  readonly requests: readonly CorrelatedRequest[];
  /** Events of requests that were not seen: other clients, another time. */
  readonly unmatched: readonly LoggedEvent[];
  /** Minutes by which the log writes client times ahead of UTC. */
  readonly utcOffsetMinutes: number;
}

/**
 * Holds what was seen on the wire against what the host logged. Requests of one machine are matched in their order, equal
 * ones first; then requests whose CMID no event has, by machine name, time and SKU. Hosts may write client times in local
 * time: the offset that most matched pairs share is taken for it.
 */
export function correlate(seen: readonly SeenRequest[], events: readonly LoggedEvent[]): Correlation {
  const offset = sharedOffset(seen, events);
  const pool = new EventPool(events);
  const equal = seen.map((request) =>
    pool.take(request, (event) => differences(request, event, offset).length === 0),
  );
  const byMachine = equal.map(
    (event, i) => event ?? pool.take(seen[i]!, (candidate) => sameMachine(seen[i]!, candidate)),
  );
  const matched = byMachine.map(
    (event, i) => event ?? pool.takeAny((candidate) => sameOccasion(seen[i]!, candidate, offset)),
  );
  const requests = seen.map((request, i): CorrelatedRequest => {
    const event = matched[i] ?? null;
    if (event === null) return { seen: request, verdict: 'missed', event, differences: [] };
    const found = differences(request, event, offset);
    return {
      seen: request,
      verdict: found.length === 0 ? 'logged' : 'logged-differently',
      event,
      differences: found,
    };
  });
  return { requests, unmatched: pool.left(), utcOffsetMinutes: offset };
}

/** Events that no request has taken yet, by CMID, in the order of the log. */
class EventPool {
  readonly #byCmid = new Map<string, LoggedEvent[]>();
  readonly #left: Set<LoggedEvent>;

  constructor(events: readonly LoggedEvent[]) {
    this.#left = new Set(events);
    for (const event of events) {
      const others = this.#byCmid.get(event.clientMachineId);
      if (others === undefined) this.#byCmid.set(event.clientMachineId, [event]);
      else others.push(event);
    }
  }

  /** The first event of the request's CMID that fits. */
  take({ request }: SeenRequest, fits: (event: LoggedEvent) => boolean): LoggedEvent | null {
    const candidates = this.#byCmid.get(request.clientMachineId) ?? [];
    return this.#taken(candidates.find((event) => this.#left.has(event) && fits(event)));
  }

  takeAny(fits: (event: LoggedEvent) => boolean): LoggedEvent | null {
    for (const event of this.#left) if (fits(event)) return this.#taken(event);
    return null;
  }

  left(): LoggedEvent[] {
    return [...this.#left];
  }

  #taken(event: LoggedEvent | undefined): LoggedEvent | null {
    if (event === undefined) return null;
    this.#left.delete(event);
    return event;
  }
}

const minuteOfRequest = ({ request }: SeenRequest): number =>
  Math.floor(unixMsFromFiletime(request.requestTime) / 60_000);

/** Of one CMID, the product decides: Windows and Office ask by themselves. */
const sameMachine = ({ request }: SeenRequest, event: LoggedEvent): boolean => request.skuId === event.skuId;

function sameOccasion(seen: SeenRequest, event: LoggedEvent, offset: number): boolean {
  const sameTime = event.clientMinute !== null && event.clientMinute - offset === minuteOfRequest(seen);
  return (
    sameTime && event.skuId === seen.request.skuId && event.workstationName === machineName(seen.request)
  );
}

function differences(seen: SeenRequest, event: LoggedEvent, offset: number): EventDifference[] {
  const { request, hresult } = seen;
  const found: EventDifference[] = [];
  const compare = (field: string, one: string | number, other: string | number): void => {
    if (one !== other) found.push({ field, seen: String(one), logged: String(other) });
  };
  // Where no answer was seen, whatever the host logged may be true.
  if (hresult !== null) compare('hresult', formatStatus(hresult), formatStatus(event.hresult));
  compare('requiredClientCount', request.requiredClientCount, event.requiredClientCount);
  compare('workstationName', machineName(request), event.workstationName);
  compare('clientMachineId', request.clientMachineId, event.clientMachineId);
  if (event.clientMinute === null || event.clientMinute - offset !== minuteOfRequest(seen)) {
    found.push({ field: 'requestTime', seen: formatFiletime(request.requestTime), logged: event.clientTime });
  }
  compare('isVirtualMachine', request.isVirtualMachine, event.isVirtualMachine);
  compare('licenseStatus', request.licenseStatus, event.licenseStatus);
  compare('bindingExpirationMinutes', request.bindingExpirationMinutes, event.bindingExpirationMinutes);
  compare('skuId', request.skuId, event.skuId);
  return found;
}

const MAX_OFFSET_MINUTES = 14 * 60;
/** Offsets from UTC are whole quarters of an hour. */
const OFFSET_STEP_MINUTES = 15;

/** The offset from UTC that most pairs of one CMID share; 0 where none does. Ties go to the smaller one. */
function sharedOffset(seen: readonly SeenRequest[], events: readonly LoggedEvent[]): number {
  const firstByCmid = new Map<string, LoggedEvent>();
  for (const event of events) {
    if (!firstByCmid.has(event.clientMachineId)) firstByCmid.set(event.clientMachineId, event);
  }
  const votes = new Map<number, number>();
  const counted = new Set<string>();
  for (const request of seen) {
    const { clientMachineId } = request.request;
    const minute = firstByCmid.get(clientMachineId)?.clientMinute ?? null;
    if (minute === null || counted.has(clientMachineId)) continue;
    counted.add(clientMachineId);
    const offset = minute - minuteOfRequest(request);
    const possible = Math.abs(offset) <= MAX_OFFSET_MINUTES && offset % OFFSET_STEP_MINUTES === 0;
    if (possible) votes.set(offset, (votes.get(offset) ?? 0) + 1);
  }
  const [best] = [...votes].sort(([a, votesA], [b, votesB]) => votesB - votesA || Math.abs(a) - Math.abs(b));
  return best?.[0] ?? 0;
}
