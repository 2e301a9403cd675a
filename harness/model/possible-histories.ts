import { type CacheRequest, type ClientCache, placesFor } from './client-cache';
import { arrange, choices } from './overlap';

/** One state that a host may be in. */
export interface Possibility {
  readonly cache: ClientCache;
  /** Requests without an answer that it has not taken, and may still take. */
  readonly pending: readonly CacheRequest[];
}

/** A request that was answered with a count; null for one that the host does not count, and that only shows the count. */
export interface Answered {
  readonly request: CacheRequest | null;
  readonly count: number;
}

/** Histories beyond so many are not looked for. */
export const MAX_HISTORIES = 256;

/**
 * The states that a host may be in which was in `before`, and has answered these requests since, all under way at the same time; none
 * where no order explains the counts. `before` may be changed, and be among the results.
 * @param nowMs the host's clock when it took them, ms since 1970
 * @returns more than `MAX_HISTORIES` where there are too many for all to be named
 */
export function explain(before: Possibility, answers: readonly Answered[], nowMs: number): Possibility[] {
  const { cache, pending } = before;
  cache.dropExpired(nowMs);
  const [only] = answers;
  if (pending.length === 0 && answers.length === 1) return explainOne(before, only!, nowMs);
  const levels = new Map<number, CacheRequest[]>();
  let last = cache.size;
  for (const { request, count } of answers) {
    // Each count above the one that stood belongs to one request that raised it.
    if (count < cache.size || count > cache.size + answers.length + pending.length) return [];
    last = Math.max(last, count);
    const level = levels.get(count);
    if (level === undefined) levels.set(count, request === null ? [] : [request]);
    else if (request !== null) level.push(request);
  }
  const found: Possibility[] = [];
  for (const state of histories({ cache: cache.clone(), pending }, cache.size, { levels, last, nowMs })) {
    found.push(state);
    if (found.length > MAX_HISTORIES) break;
  }
  return found;
}

function explainOne(before: Possibility, { request, count }: Answered, nowMs: number): Possibility[] {
  const { cache } = before;
  if (request === null) return count === cache.size ? [before] : [];
  if (!cache.answersTo(request).includes(count)) return [];
  cache.take([request], nowMs, count);
  return [before];
}

/** The counts that a host in that state may answer to one request, or, for null, may hold. */
export function reachableCounts(
  state: Possibility,
  request: CacheRequest | null,
  nowMs: number,
): ReadonlySet<number> {
  const { cache, pending } = state;
  cache.dropExpired(nowMs);
  if (pending.length === 0) return new Set(request === null ? [cache.size] : cache.answersTo(request));
  const counts = Array.from({ length: pending.length + 2 }, (_, i) => cache.size + i);
  return new Set(counts.filter((count) => explain(state, [{ request, count }], nowMs).length > 0));
}

/** One count that a host may answer, and what of its state makes it so. */
export interface Outlook {
  readonly count: number;
  /** Places of the cache, before and after. */
  readonly capacityBefore: number;
  readonly capacity: number;
  /** Records left when the expired ones had gone. */
  readonly held: number;
  readonly expired: number;
  /** The CMID still had a record. */
  readonly known: boolean;
  /** False for a virtual machine where the profile counts physical ones only. */
  readonly counted: boolean;
}

/** What a host in that state may answer to one request. @param counted whether the host counts that machine */
export function outlooks(
  state: Possibility,
  request: CacheRequest,
  counted: boolean,
  nowMs: number,
): readonly Outlook[] {
  const { cache } = state;
  const { size, capacity: capacityBefore } = cache;
  cache.dropExpired(nowMs);
  const held = cache.size;
  const places = counted ? placesFor(request.requiredClientCount) : 0;
  const capacity = Math.max(capacityBefore, places);
  const holds = cache.holds(request.clientMachineId);
  return [...reachableCounts(state, counted ? request : null, nowMs)].map((count) => ({
    count,
    capacityBefore,
    capacity,
    held,
    expired: size - held,
    known: holds === 'yes' || (holds === 'perhaps' && count === held),
    counted,
  }));
}

interface Search {
  /** The requests that were answered with each count. */
  readonly levels: ReadonlyMap<number, readonly CacheRequest[]>;
  readonly last: number;
  readonly nowMs: number;
}

/** From one count to the next: any of the pending requests may come among those of a level. */
function* histories(state: Possibility, count: number, search: Search): Generator<Possibility> {
  if (count > search.last) {
    yield state;
    return;
  }
  const answered = search.levels.get(count) ?? [];
  for (const [now, pending] of choices(state.pending)) {
    const requests = now.length === 0 ? answered : [...answered, ...now];
    const arrangements = arrange(state.cache, requests, count);
    const isOnlyWay = state.pending.length === 0 && arrangements.length === 1;
    for (const batches of arrangements) {
      const cache = isOnlyWay ? state.cache : state.cache.clone();
      for (const batch of batches) cache.take(batch, search.nowMs, count);
      yield* histories({ cache, pending }, count + 1, search);
    }
  }
}

/** Two of the same text answer alike until records expire. */
export function distinct(states: readonly Possibility[]): Possibility[] {
  // The text of a large cache takes long to make: those of which no other has the outline need none.
  const outlines = states.map(({ cache, pending }) => `${cache.outline()};${pending.length}`);
  const alike = new Map<string, number>();
  for (const outline of outlines) alike.set(outline, (alike.get(outline) ?? 0) + 1);
  const text = ({ cache, pending }: Possibility): string =>
    `${cache.describe()};${pending.map((each) => `${each.clientMachineId} ${each.requiredClientCount}`).join()}`;
  const named = states.map(
    (state, i) => [alike.get(outlines[i]!) === 1 ? outlines[i]! : text(state), state] as const,
  );
  return [...new Map(named).values()];
}
