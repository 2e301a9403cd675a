import { EMPTY_HOST, plainGrant, type PlainHost } from '../../testing/plain-search';

/** A request between two moments. */
export interface PlainRequest {
  readonly start: number;
  readonly end: number;
  readonly clientMachineId: string;
  readonly requiredClientCount: number;
}

/**
 * Tries every order in which no request comes before one that ended before it started.
 * @param counts null for an answer that was lost: the request may have been taken or not
 * @returns whether one of them gives the counts
 */
export function hasOrder(
  requests: readonly PlainRequest[],
  counts: readonly (number | null)[],
  host: PlainHost = EMPTY_HOST,
  taken = 0,
): boolean {
  let isDone = true;
  for (const [i, request] of requests.entries()) {
    if (((taken >> i) & 1) === 1) continue;
    if (counts[i] !== null) isDone = false;
    if (!mayBeNext(requests, counts, taken, i)) continue;
    const after = plainGrant(host, request);
    if (counts[i] !== null && after.records.length !== counts[i]) continue;
    if (hasOrder(requests, counts, after, taken | (1 << i))) return true;
  }
  return isDone;
}

/** Every list of counts that some order gives, as text. */
export function everyCounts(requests: readonly PlainRequest[]): ReadonlySet<string> {
  const found = new Set<string>();
  const counts = new Array<number>(requests.length).fill(0);
  const none = counts.map(() => 0);
  const walk = (host: PlainHost, taken: number): void => {
    if (taken === (1 << requests.length) - 1) return void found.add(counts.join());
    for (const [i, request] of requests.entries()) {
      if (((taken >> i) & 1) === 1 || !mayBeNext(requests, none, taken, i)) continue;
      const after = plainGrant(host, request);
      counts[i] = after.records.length;
      walk(after, taken | (1 << i));
    }
  };
  walk(EMPTY_HOST, 0);
  return found;
}

function mayBeNext(
  requests: readonly PlainRequest[],
  counts: readonly (number | null)[],
  taken: number,
  i: number,
): boolean {
  const { start } = requests[i]!;
  return requests.every(
    ({ end }, other) => ((taken >> other) & 1) === 1 || counts[other] === null || end >= start,
  );
}
