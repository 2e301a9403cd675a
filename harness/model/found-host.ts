import { type CacheRequest, ClientCache } from './client-cache';
import type { Possibility } from './possible-histories';

/** An N_Policy that makes a cache which no request is going to fill. */
const HUGE_POLICY = 500_000;
/** Far beyond what any host counts (twice an N_Policy): a larger number is made up, and no record stands for it. */
const MAX_FOUND = 10_000;

/**
 * The states of a host that was found with this count, none where no host counts so many: the others are older than the client that asked,
 * in an order that nobody knows, and the capacity may be more.
 * @param request null for one that the host does not count, and that only shows the count
 * @param nowMs the host's clock, ms since 1970
 */
export function foundHost(request: CacheRequest | null, count: number, nowMs: number): Possibility[] {
  if (count > MAX_FOUND) return [];
  return [Math.ceil(count / 2), HUGE_POLICY].map((policy) => {
    const cache = ClientCache.found(request === null ? count : Math.max(0, count - 1), nowMs);
    cache.grow(policy);
    if (request !== null && count > 0) cache.grant(request, nowMs);
    return { cache, pending: [] };
  });
}
