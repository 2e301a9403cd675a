import { type CacheRequest, type ClientCache, placesFor } from './client-cache';

/** Requests in batches: one batch after the other, the order within each any. */
export type Arrangement = readonly (readonly CacheRequest[])[];

/** Where a level can be arranged in more ways than these, it is kept as one batch. */
const MAX_ARRANGEMENTS = 16;
const MAX_FREE = 3;

/**
 * The orders in which a host may have come to requests that overlapped and were all told the same count; none where it cannot have been.
 *
 * Why no orders have to be tried. While nothing expires no count falls, so that a host came to requests by their counts: those that were
 * told the same count are a level, and levels follow one another. What a level does to the cache hardly depends on the order within it:
 * at its end its clients are the newest, whoever asked before stands behind them in the order that he had, and the host holds the newest
 * `count` of all (see `ClientCache`); its capacity has grown to the largest N_Policy. So one level after the other can be looked at, and
 * of each only whether it has an order at all:
 *
 * - The count rises by one, or stays. It rises by the first request of the level alone: by a client that is not held, into a cache that
 *   has room for it or that its own N_Policy makes grow. Any client that could be this one is tried: n ways, not n!.
 * - All others must leave the count as it is. In a cache with room that is so for those that are held, and they displace nobody: any order.
 *   In a full cache it is so for every request that does not make it grow: any order.
 * - In a full cache with requests that make it grow, these have to find their client held, and whoever follows the first of them too;
 *   before it go those that are not held. Whoever goes before pushes the oldest out, and what is pushed out and can go before must go
 *   before: the least such set is found by adding to it as long as something is pushed out. It is right to add as little as possible, as
 *   each further one only pushes out more. Whoever is still held then can go before or behind: touched, it pushes nobody out.
 *
 * Within a batch whose order is not known, or of which some are no longer held, any may be the newest: it is those that have to be held.
 * Who came first, and who came before the cache grew, is kept in a few arrangements; where these would be many, the level becomes one
 * batch, so that more may be held possible later than is, and never less.
 */
export function arrange(
  cache: ClientCache,
  requests: readonly CacheRequest[],
  count: number,
): readonly Arrangement[] {
  if (count === cache.size) return steady(cache, requests, null);
  if (count !== cache.size + 1) return [];
  const arrangements: Arrangement[] = [];
  const seen = new Set<string>();
  for (const [i, first] of requests.entries()) {
    const key = `${first.clientMachineId} ${first.requiredClientCount}`;
    const capacity = Math.max(cache.capacity, placesFor(first.requiredClientCount));
    if (capacity < count || seen.has(key) || cache.holds(first.clientMachineId) === 'yes') continue;
    seen.add(key);
    const others = requests.filter((_, other) => other !== i);
    for (const behind of steady(cache, others, first)) arrangements.push([[first], ...behind]);
    if (arrangements.length > MAX_ARRANGEMENTS) return [[requests]];
  }
  const isAnyOrder = arrangements.length === requests.length && isOneEach(requests);
  return isAnyOrder && requests.length > 0 ? [[requests]] : arrangements;
}

/** What the requests of one client can do. */
interface Asking {
  /** One of them comes before any that makes the cache grow, and leaves the count of a full cache as it is. */
  canGoBefore: boolean;
  makesGrow: boolean;
}

/** The orders in which requests leave the count as it is, behind `first` if there is one: see `arrange`. */
function steady(
  cache: ClientCache,
  requests: readonly CacheRequest[],
  first: CacheRequest | null,
): readonly Arrangement[] {
  if (requests.length === 0) return [[]];
  const size = cache.size + (first === null ? 0 : 1);
  const capacity = Math.max(cache.capacity, first === null ? 0 : placesFor(first.requiredClientCount));
  const isFull = capacity === size;
  const makesGrow = ({ requiredClientCount }: CacheRequest): boolean =>
    placesFor(requiredClientCount) > capacity;
  if (isFull && !requests.some(makesGrow)) return [[requests]];
  const asking = new Map<string, Asking>();
  for (const request of requests) {
    const all = asking.get(request.clientMachineId) ?? { canGoBefore: false, makesGrow: false };
    if (makesGrow(request)) all.makesGrow = true;
    else if (isFull) all.canGoBefore = true;
    asking.set(request.clientMachineId, all);
  }
  const before = leastBefore(cache, asking, size, first);
  if (before === null || !isStillHeld(before, asking, size, first)) return [];
  const isFirst = ({ clientMachineId }: CacheRequest): boolean => clientMachineId === first?.clientMachineId;
  const mustGoBefore = requests.filter(
    (each) => before.has(each.clientMachineId) && !isFirst(each) && !makesGrow(each),
  );
  const mayBeBothWays = before.size > size && requests.some(isFirst);
  if (mustGoBefore.length === 0 || mayBeBothWays) return [[requests]];
  const others = requests.filter((each) => !mustGoBefore.includes(each));
  const free = others.filter((each) => !makesGrow(each));
  if (free.length > MAX_FREE || !isOneEach(mustGoBefore)) return [[requests]];
  return choices(free).map(([goes, stays]) => [
    [...mustGoBefore, ...goes],
    [...others.filter(makesGrow), ...stays],
  ]);
}

/** Of those that go before, the ones that make the cache grow afterwards come last, so that they are still held then. */
function isStillHeld(
  before: ReadonlySet<string>,
  asking: ReadonlyMap<string, Asking>,
  size: number,
  first: CacheRequest | null,
): boolean {
  const growing = [...before].filter((each) => asking.get(each)?.makesGrow === true);
  if (growing.length > size) return false;
  const firstGrows = first !== null && growing.includes(first.clientMachineId);
  return !firstGrows || asking.get(first.clientMachineId)!.canGoBefore || before.size <= size;
}

/** The least set of clients that have to ask before the cache grows, `first` among them; null where that cannot be. */
function leastBefore(
  cache: ClientCache,
  asking: ReadonlyMap<string, Asking>,
  size: number,
  first: CacheRequest | null,
): ReadonlySet<string> | null {
  const before = new Set(first === null ? [] : [first.clientMachineId]);
  // Within a batch those are the newest that must be held, then those that can go before.
  const need = (clientMachineId: string): number => {
    const all = asking.get(clientMachineId);
    return all === undefined ? 0 : all.canGoBefore ? 1 : 2;
  };
  const newestFirst = cache
    .newestFirst()
    .flatMap((batch) => (batch.length === 1 ? batch : batch.sort((a, b) => need(b) - need(a))));
  for (let added = true; added; ) {
    added = false;
    const others = newestFirst.filter((each) => !before.has(each));
    const held = new Set(others.slice(0, Math.max(0, size - before.size)));
    for (const [clientMachineId, { canGoBefore }] of asking) {
      if (before.has(clientMachineId) || held.has(clientMachineId)) continue;
      if (!canGoBefore) return null;
      before.add(clientMachineId);
      added = true;
    }
  }
  return before;
}

const isOneEach = (requests: readonly CacheRequest[]): boolean =>
  new Set(requests.map(({ clientMachineId }) => clientMachineId)).size === requests.length;

/** Each way to part a few in two, the order kept. */
export function choices<T>(all: readonly T[]): readonly (readonly [readonly T[], readonly T[]])[] {
  return Array.from({ length: 2 ** all.length }, (_, chosen) => {
    const isChosen = (_: T, i: number): boolean => ((chosen >> i) & 1) === 1;
    return [all.filter(isChosen), all.filter((one, i) => !isChosen(one, i))] as const;
  });
}
