import type { CacheRequest, ClientCache } from '../client-cache';

/** A host as naively as the reference model reads: CMIDs from the oldest request to the newest, and places. Nothing expires. */
export interface PlainHost {
  readonly records: readonly string[];
  readonly capacity: number;
}

export const EMPTY_HOST: PlainHost = { records: [], capacity: 0 };

export function plainGrant({ records, capacity }: PlainHost, request: CacheRequest): PlainHost {
  const places = Math.max(capacity, 2 * Math.max(request.requiredClientCount, 1));
  const others = records.filter((each) => each !== request.clientMachineId);
  const room = others.length >= places ? others.slice(1) : others;
  return { records: [...room, request.clientMachineId], capacity: places };
}

/**
 * Tries every order of the requests.
 * @returns for each list of counts that some order gives, as text, the hosts that it may leave behind, as text
 */
export function everyOrder(
  before: PlainHost,
  requests: readonly CacheRequest[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const counts = new Array<number>(requests.length).fill(0);
  const walk = (host: PlainHost, left: readonly number[]): void => {
    if (left.length === 0) {
      const key = counts.join();
      if (!found.has(key)) found.set(key, new Set());
      found.get(key)!.add(hostText(host));
      return;
    }
    for (const i of left) {
      const after = plainGrant(host, requests[i]!);
      counts[i] = after.records.length;
      walk(
        after,
        left.filter((other) => other !== i),
      );
    }
  };
  walk(
    before,
    requests.map((_, i) => i),
  );
  return found;
}

const hostText = ({ records, capacity }: PlainHost): string => `${records.join()}/${capacity}`;

/** Every host that a cache stands for, as text. */
export function hostsOf(cache: ClientCache): ReadonlySet<string> {
  let orders: string[][] = [[]];
  for (const batch of cache.newestFirst().reverse()) {
    orders = orders.flatMap((older) => permutations(batch).map((order) => [...older, ...order]));
  }
  const { size, capacity } = cache;
  return new Set(orders.map((order) => hostText({ records: order.slice(order.length - size), capacity })));
}

function permutations<T>(all: readonly T[]): T[][] {
  if (all.length === 0) return [[]];
  return all.flatMap((one, i) =>
    permutations(all.filter((_, other) => other !== i)).map((rest) => [one, ...rest]),
  );
}
