import type { Operation } from './operation';
import type { UnorderedCache } from './unordered-cache';

/** One way in which a host may have come to what it was asked: what it then holds, and which of the requests under way it has taken. */
export class Way {
  constructor(
    readonly cache: UnorderedCache,
    /** Requests under way that it has taken, each with the phase of the cache. */
    readonly taken: Map<Operation, number>,
  ) {}

  clone(): Way {
    return new Way(this.cache.clone(), new Map(this.taken));
  }

  describe(): string {
    return `${[...this.taken.keys()]
      .map(({ id }) => id)
      .sort((a, b) => a - b)
      .join()}|${this.cache.describe()}`;
  }
}

/** A way in which a request without an answer is no longer open. */
export function withoutLost(way: Way, operation: Operation): Way {
  const copy = way.clone();
  copy.cache.unlose(operation);
  return copy;
}

export function control(cache: UnorderedCache, what: 'reset' | number): void {
  if (what === 'reset') cache.reset();
  else cache.advance(what);
}

/** Ways that differ, each once. */
export function distinct(ways: readonly Way[]): Way[] {
  for (const { cache } of ways) cache.forgetDisplaced();
  return [...new Map(ways.map((way) => [way.describe(), way])).values()];
}

/** Requests that were answered with a count of no more than now, and could not be taken: they never can be once it has risen. */
export function holdsBack(way: Way, open: Iterable<Operation>): boolean {
  for (const each of open) {
    if (each.meetsControl === true) continue;
    if (each.count !== null && each.count <= way.cache.count && !way.taken.has(each)) return true;
  }
  return false;
}
