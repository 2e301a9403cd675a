import { expect } from 'chai';
import fc from 'fast-check';
import { type CacheRequest, ClientCache } from './client-cache';
import { explain, type Possibility } from './possible-histories';
import { everyOrder, hostsOf, type PlainHost, plainGrant } from './testing/plain-search';

const MACHINES = ['a', 'b', 'c', 'd', 'e'];

/** A cache in the state of a host. */
function cacheOf({ records, capacity }: PlainHost): Possibility {
  const cache = new ClientCache();
  for (const clientMachineId of records) cache.grant({ clientMachineId, requiredClientCount: 1 }, 0);
  cache.grow(capacity / 2);
  for (const clientMachineId of records) cache.grant({ clientMachineId, requiredClientCount: 1 }, 0);
  return { cache, pending: [] };
}

const answered = (requests: readonly CacheRequest[], counts: readonly number[]) =>
  requests.map((request, i) => ({ request, count: counts[i]! }));

/** Every multiset of so many. */
function* multisets<T>(size: number, all: readonly T[], from = 0): Generator<T[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let i = from; i < all.length; i++) {
    for (const rest of multisets(size - 1, all, i)) yield [all[i]!, ...rest];
  }
}

/** Counts that some order gives, and those that differ in one of them by one; each once. */
function nearCounts(right: Iterable<string>): Iterable<number[]> {
  const near = new Map<string, number[]>();
  const add = (counts: number[]): void => void near.set(counts.join(), counts);
  for (const text of right) {
    const counts = text.split(',').map(Number);
    add(counts);
    for (const i of counts.keys()) {
      add(counts.map((count, at) => (at === i ? count + 1 : count)));
      add(counts.map((count, at) => (at === i ? count - 1 : count)));
    }
  }
  return near.values();
}

/** Holds what the checker says of requests at once against the trial of every order. @returns counts that were looked at */
function agree(before: PlainHost, requests: readonly CacheRequest[]): number {
  const plain = everyOrder(before, requests);
  let looked = 0;
  for (const counts of nearCounts(plain.keys())) {
    const hosts = plain.get(counts.join());
    const states = explain(cacheOf(before), answered(requests, counts), 0);
    const what = (): string => JSON.stringify({ before, requests, counts });
    if (states.length > 0 !== (hosts !== undefined)) expect.fail(`decides otherwise: ${what()}`);
    const after = new Set(states.flatMap(({ cache }) => [...hostsOf(cache)]));
    for (const host of hosts ?? []) if (!after.has(host)) expect.fail(`misses ${host}: ${what()}`);
    looked++;
  }
  return looked;
}

/** Machines are named by their age in the cache, so that these are all states there are, but for names. */
function hosts(places: readonly number[], most: number): PlainHost[] {
  const sizes = Array.from({ length: most + 1 }, (_, size) => size);
  return [
    { records: [], capacity: 0 },
    ...places.flatMap((capacity) =>
      sizes
        .filter((size) => size > 0 && size <= capacity)
        .map((size) => ({ records: MACHINES.slice(0, size), capacity })),
    ),
  ];
}

const requestsOf = (machines: readonly string[], policies: readonly number[]): CacheRequest[] =>
  machines.flatMap((clientMachineId) =>
    policies.map((requiredClientCount) => ({ clientMachineId, requiredClientCount })),
  );

describe('requests that overlap', () => {
  it('agrees with the trial of every order: up to 3 requests of 4 machines, N_Policy 1 to 3', () => {
    let looked = 0;
    for (const before of hosts([2, 4, 6], 3)) {
      for (const size of [1, 2, 3]) {
        for (const requests of multisets(size, requestsOf(MACHINES.slice(0, 4), [1, 2, 3])))
          looked += agree(before, requests);
      }
    }
    expect(looked).to.be.greaterThan(20_000);
  });

  it('agrees with the trial of every order: 4 requests of 4 machines, N_Policy 1 and 2', () => {
    let looked = 0;
    for (const before of hosts([2, 4], 3)) {
      for (const requests of multisets(4, requestsOf(MACHINES.slice(0, 4), [1, 2])))
        looked += agree(before, requests);
    }
    expect(looked).to.be.greaterThan(20_000);
  });

  it('agrees with the trial of every order: 5 requests of 3 machines, N_Policy 1 and 2', () => {
    let looked = 0;
    for (const before of hosts([2, 4], 2)) {
      for (const requests of multisets(5, requestsOf(MACHINES.slice(0, 3), [1, 2])))
        looked += agree(before, requests);
    }
    expect(looked).to.be.greaterThan(20_000);
  });

  const request = fc.record({
    clientMachineId: fc.constantFrom(...'abcdefghij'),
    requiredClientCount: fc.constantFrom(1, 1, 1, 2, 2, 3, 4),
  });

  it('agrees with the trial of every order: random ones of up to 6 after any history', () => {
    const history = fc.tuple(
      fc.array(request, { maxLength: 14, size: 'max' }),
      fc.array(request, { minLength: 1, maxLength: 6, size: 'max' }),
    );
    fc.assert(
      fc.property(history, ([before, requests]) => {
        const host = before.reduce<PlainHost>(plainGrant, { records: [], capacity: 0 });
        agree(host, requests);
      }),
      { numRuns: 60 },
    );
  });

  it('agrees with the trial of every order of two overlaps in a row: no order is refused, and few that are wrong are taken', () => {
    let [wrong, taken] = [0, 0];
    const overlap = fc.array(request, { minLength: 1, maxLength: 4, size: 'max' });
    const history = fc.tuple(fc.array(request, { maxLength: 8, size: 'max' }), overlap, overlap);
    fc.assert(
      fc.property(history, ([before, first, second]) => {
        const host = before.reduce<PlainHost>(plainGrant, { records: [], capacity: 0 });
        for (const [text, after] of everyOrder(host, first)) {
          const states = explain(cacheOf(host), answered(first, text.split(',').map(Number)), 0);
          const right = new Set([...after].flatMap((each) => [...everyOrder(parsed(each), second).keys()]));
          for (const counts of nearCounts(right)) {
            const isTaken = states.some(
              ({ cache }) =>
                explain({ cache: cache.clone(), pending: [] }, answered(second, counts), 0).length > 0,
            );
            if (right.has(counts.join())) {
              expect(isTaken, JSON.stringify({ before, first, text, second, counts })).to.equal(true);
              continue;
            }
            wrong++;
            if (isTaken) taken++;
          }
        }
      }),
      { numRuns: 40 },
    );
    expect(taken / wrong).to.be.lessThan(0.02);
  });

  it('needs no more than a moment for what has more orders than could ever be tried', () => {
    const many = (count: number, name: string, requiredClientCount: number): CacheRequest[] =>
      Array.from({ length: count }, (_, i) => ({ clientMachineId: `${name}${i}`, requiredClientCount }));
    const cache = new ClientCache();
    const servers = many(64, 'server', 5);
    const full = servers.map((_, i) => Math.min(i + 1, 10));
    const [state, ...others] = explain({ cache, pending: [] }, answered(servers, full), 0);
    expect(others).to.deep.equal([]);
    expect([state!.cache.size, state!.cache.isCertain]).to.deep.equal([10, false]);
    // A client makes room, and of the 55 that were told 10 a few are held: no more than 10 of those that ask now can be.
    const probes = [...many(1, 'client', 25), ...servers.slice(9, 20)];
    const told = (held: number): number[] => [
      11,
      ...probes.slice(1).map((_, i) => 11 + Math.max(0, i + 1 - held)),
    ];
    expect(
      explain({ cache: state!.cache.clone(), pending: [] }, answered(probes, told(10)), 0),
    ).to.have.length(1);
    expect(
      explain({ cache: state!.cache.clone(), pending: [] }, answered(probes, told(11)), 0),
    ).to.have.length(0);
  });
});

function parsed(host: string): PlainHost {
  const [records, capacity] = host.split('/') as [string, string];
  return { records: records === '' ? [] : records.split(','), capacity: Number(capacity) };
}
