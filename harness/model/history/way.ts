import type { Operation } from './operation';
import type { UnorderedCache } from './unordered-cache';

/** One way in which a host may have come to what it was asked: what it then holds, and which of the requests under way it has taken. */
export class Way {
  constructor(
    readonly cache: UnorderedCache,
    /** Requests under way that it has taken, each with the phase of the cache. */
    readonly taken: Map<Operation, number>,
    /** Those of them that were taken for the request of a machine whose record was found, each by its client. */
    readonly strangers = new Map<string, Operation>(),
  ) {}

  clone(): Way {
    return new Way(this.cache.clone(), new Map(this.taken), new Map(this.strangers));
  }

  /** The request is taken, and answered with the count as it stands. */
  stay(operation: Operation): void {
    if (this.cache.stay(operation)) this.strangers.set(operation.clientMachineId, operation);
  }

  /** The answer has come: it was taken by now. */
  close(operation: Operation, moment: number): void {
    this.cache.close(operation, this.taken.get(operation)!, moment, operation.endMs);
    this.taken.delete(operation);
    this.strangers.delete(operation.clientMachineId);
  }

  /** The same, but that this request and all others of its client are still to come. */
  withoutStranger(operation: Operation): Way {
    const copy = this.clone();
    const { clientMachineId } = operation;
    copy.cache.unstay(operation);
    copy.strangers.delete(clientMachineId);
    for (const each of this.taken.keys())
      if (each.clientMachineId === clientMachineId) copy.taken.delete(each);
    return copy;
  }

  /** Two of the same text are answered alike from now on. */
  describe(): string {
    return `${idsOf(this.taken.keys())}|${idsOf(this.strangers.values())}|${this.cache.describe()}`;
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

/** Whether a request that could be taken now may have been taken when a control, or what had grown old, had changed the count. */
export const mayComeLater = ({ cache }: Way, { meetsControl, endMs }: Operation): boolean =>
  meetsControl === true || cache.mayHaveExpired(endMs);

/** Requests that were answered with a count of no more than now, and could not be taken: they never can be once it has risen. */
export function holdsBack(way: Way, open: Iterable<Operation>): boolean {
  for (const each of open) {
    if (mayComeLater(way, each)) continue;
    if (each.count !== null && each.count <= way.cache.count && !way.taken.has(each)) return true;
  }
  return false;
}

const idsOf = (operations: Iterable<Operation>): string =>
  Array.from(operations, ({ id }) => id)
    .sort((a, b) => a - b)
    .join();
