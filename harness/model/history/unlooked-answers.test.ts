import { expect } from 'chai';
import fc from 'fast-check';
import { Random } from '../../support/random';
import { CountingModel } from '../counting-model';
import { DEFAULT_PROFILE } from '../profile';
import type { HistoryRequest } from './history';
import { HistoryChecker } from './history-checker';
import { madeHistory } from './testing/made-histories';

const machine = (nth: number, requiredClientCount: number) => ({
  ...{ kind: 'request' as const, applicationId: 'windows', isVirtualMachine: false },
  clientMachineId: `m${nth}`,
  requiredClientCount,
});

describe('a history some of whose answers are not looked at', () => {
  it('refuses nothing of what a conforming host answers, however few looks there are', () => {
    let [judged, unjudged] = [0, 0];
    const drawn = fc.record({
      seed: fc.nat(),
      connections: fc.integer({ min: 2, max: 24 }),
      machines: fc.integer({ min: 4, max: 70 }),
      policies: fc.constantFrom([1, 2, 3], [5, 25], [3, 5, 7], [25]),
      looks: fc.integer({ min: 1, max: 400 }),
      isTold: fc.boolean(),
    });
    fc.assert(
      fc.property(drawn, ({ seed, connections, machines, policies, looks, isTold }) => {
        const random = new Random(seed);
        const next = () => machine(random.int(1, machines), policies[random.int(0, policies.length - 1)]!);
        const checker = new HistoryChecker({
          mostLooks: looks,
          ...(isTold ? { largestPolicy: Math.max(...policies) } : {}),
        });
        for (const { request, passedMs } of madeHistory({ requests: 120, connections, random, next })) {
          checker.add(request);
          checker.passed(passedMs);
        }
        checker.finish();
        expect(checker.failures).to.deep.equal([]);
        judged += checker.judged;
        unjudged += checker.unjudged;
      }),
      { numRuns: 300 },
    );
    expect(judged).to.be.above(1_000);
    expect(unjudged).to.be.above(1_000);
  });

  /** Machines that ask one by one, while those whose answers were lost come to the host late, in between. */
  function withStrays(strays: number, lateMs: number, machines: number): HistoryRequest[] {
    const model = new CountingModel(DEFAULT_PROFILE);
    const lost = Array.from({ length: strays }, (_, i): HistoryRequest => {
      return { ...machine(1000 + i, 25), startMs: i, endMs: Infinity, count: null };
    });
    const late = [...lost];
    const events = [...lost];
    for (let i = 0; i < machines; i++) {
      const startMs = 1_000 + (i * lateMs) / machines;
      const stray = i % 2 === 1 ? late.shift() : undefined;
      if (stray !== undefined) model.grant(stray, startMs);
      const asked = machine(i, 25);
      events.push({ ...asked, startMs, endMs: startMs + 1, count: model.grant(asked, startMs) });
    }
    return events;
  }

  for (const strays of [1, 5, 12, 13, 20, 30]) {
    it(`refuses nothing where ${strays} requests without an answer come to the host late`, () => {
      const checker = new HistoryChecker();
      for (const event of withStrays(strays, 30_000, 60)) checker.add(event);
      checker.finish();
      expect(checker.failures).to.deep.equal([]);
    });
  }

  it('judges again a minute behind the last of too many requests without an answer', () => {
    const checker = new HistoryChecker();
    for (const event of withStrays(13, 30_000, 20)) checker.add(event);
    expect(checker.judged).to.equal(0);
    const later = [100_000, 100_010].map((startMs, i) => ({
      ...machine(500 + i, 25),
      ...{ startMs, endMs: startMs + 1, count: 40 + i },
    }));
    for (const event of [
      ...later,
      { ...later[1]!, clientMachineId: 'm900', startMs: 100_020, endMs: 100_021, count: 43 },
    ])
      checker.add(event);
    checker.finish();
    expect(checker.failures.map(({ request }) => request.count)).to.deep.equal([43]);
  });

  it('judges a cache that is full for good, whatever is under way', () => {
    const checker = new HistoryChecker({ mostLooks: 1, largestPolicy: 5 });
    const random = new Random(1);
    let nth = 0;
    const next = () => machine(nth++ % 40, 5);
    for (const { request, passedMs } of madeHistory({ requests: 2_000, connections: 16, random, next })) {
      const isWrong = nth === 1_500 && checker.failures.length === 0;
      checker.add(isWrong ? { ...request, count: 9 } : request);
      checker.passed(passedMs);
    }
    checker.finish();
    expect(checker.failures.map(({ request }) => request.count)).to.deep.equal([9]);
    expect(checker.judged).to.be.above(1_500);
  });

  it('lets a record that was found expire among requests, one of which could have been its own', () => {
    const judged = (count: number): (number | null)[] => {
      const checker = new HistoryChecker({ start: 'found' });
      checker.add({ ...machine(1, 25), startMs: 0, endMs: 1, count: 2 });
      checker.add({ ...machine(2, 25), startMs: 2, endMs: 5, count });
      checker.add({ ...machine(1, 25), startMs: 3, endMs: 4, count: 1 });
      checker.finish();
      return checker.failures.map(({ request }) => request.count);
    };
    expect(judged(2)).to.deep.equal([]);
    expect(judged(3)).to.deep.equal([3]);
  });
});
