import { expect } from 'chai';
import fc from 'fast-check';
import { Random } from '../../support/random';
import { PROFILES } from '../profile';
import type { HistoryControl, HistoryRequest } from './history';
import { checkHistory, HistoryChecker } from './history-checker';
import { type Agreement, disagreement, distinctOverlaps, everyNaming, nearCounts } from './testing/agreement';
import { madeHistory } from './testing/made-histories';

const DAY_MS = 86_400_000;
const WINDOWS = 'windows';

/** `who N_Policy start end count`; a lost answer has no end. */
function asked(
  who: string,
  policy: number,
  startMs: number,
  endMs: number,
  count: number | null,
): HistoryRequest {
  return {
    kind: 'request',
    startMs,
    endMs: count === null ? Infinity : endMs,
    applicationId: WINDOWS,
    clientMachineId: who,
    requiredClientCount: policy,
    isVirtualMachine: false,
    count,
  };
}
const control = (
  what: HistoryControl['control'],
  startMs: number,
  endMs: number,
  days = 0,
): HistoryControl => ({
  kind: 'control',
  startMs,
  endMs,
  control: what,
  advanceMs: days * DAY_MS,
});

describe('a history that must have an order', () => {
  it('agrees with the plain search: every overlap of up to 3 requests of 3 machines, N_Policy 1 and 2, and of 4 with some', () => {
    const agreement: Agreement = { looked: 0, wrong: 0 };
    for (const size of [1, 2, 3, 4]) {
      const overlaps = distinctOverlaps(size, 4);
      for (const overlap of overlaps) {
        for (const names of everyNaming(size, 3)) {
          // One of them makes the cache grow, or none does.
          for (let grows = -1; grows < size; grows += size === 4 ? size : 1) {
            const requests = overlap.map((times, i) => ({
              ...times,
              clientMachineId: `m${names[i]}`,
              requiredClientCount: i === grows ? 2 : 1,
            }));
            for (const counts of nearCounts(requests, size === 4 ? 1 : 3)) {
              const differs = disagreement(requests, counts, agreement);
              if (differs !== null) expect.fail(differs);
            }
          }
        }
      }
    }
    expect(agreement.looked).to.be.greaterThan(7_000);
  });

  const requests = (policies: readonly number[], most: number) =>
    fc.array(
      fc
        .record({
          start: fc.nat(12),
          lasts: fc.nat(5),
          clientMachineId: fc.constantFrom(...'abcdef'),
          requiredClientCount: fc.constantFrom(...policies),
        })
        .map(({ start, lasts, ...rest }) => ({ start, end: start + lasts, ...rest })),
      { minLength: 1, maxLength: most, size: 'max' },
    );

  it('agrees with the plain search at random: up to 8 requests, and up to 6 some of which were lost', () => {
    const agreement: Agreement = { looked: 0, wrong: 0 };
    const history = fc.oneof(requests([1, 1, 2], 8), requests([1, 1, 3], 8));
    fc.assert(
      fc.property(history, fc.nat(), (all, lost) => {
        for (const counts of nearCounts(all, 4)) {
          expect(disagreement(all, counts, agreement)).to.equal(null);
          if (all.length > 6) continue;
          const some = counts.map((count, i) => (((lost >> (2 * i)) & 3) === 0 ? null : count));
          expect(disagreement(all, some, agreement)).to.equal(null);
        }
      }),
      { numRuns: 40 },
    );
    expect(agreement.wrong).to.be.greaterThan(200);
  });

  it('refuses nothing that has an order where a cache grows twice, and takes little that has none', () => {
    const agreement: Agreement = { looked: 0, wrong: 0 };
    let taken = 0;
    fc.assert(
      fc.property(requests([1, 1, 2, 3], 8), (all) => {
        for (const counts of nearCounts(all, 4)) {
          const differs = disagreement(all, counts, agreement);
          expect(differs ?? 'takes').to.match(/^takes/);
          if (differs !== null) taken++;
        }
      }),
      { numRuns: 40 },
    );
    expect(taken / agreement.wrong).to.be.lessThan(0.02);
  });

  it('says which counts would have been possible, and what overlapped', () => {
    const { failures } = checkHistory([
      asked('a', 25, 0, 1, 1),
      asked('b', 25, 2, 5, 2),
      asked('c', 25, 3, 6, 2),
    ]);
    expect(failures).to.have.length(1);
    const [{ request: wrong, possible, part }] = failures as [(typeof failures)[0]];
    expect([wrong.clientMachineId, possible]).to.deep.equal(['c', [3]]);
    expect(part.map(({ clientMachineId }) => clientMachineId)).to.deep.equal(['a', 'b', 'c']);
  });

  it('sees who was displaced once the cache has grown: a renewal that was lost', () => {
    const servers = Array.from({ length: 10 }, (_, i) => asked(`s${i}`, 5, i, i + 0.5, i + 1));
    const renewed = asked('s0', 5, 20, 25, 10);
    const newcomer = asked('n', 5, 21, 26, 10);
    const grown = asked('c', 25, 30, 31, 11);
    const history = (...probes: HistoryRequest[]) =>
      checkHistory([...servers, renewed, newcomer, grown, ...probes]).failures.length;
    // Whichever came first, s1 was the oldest, unless the renewal came behind the newcomer: then s0 was displaced and came back.
    expect(history(asked('s0', 5, 40, 41, 11))).to.equal(0);
    expect(history(asked('s1', 5, 40, 41, 12), asked('s2', 5, 42, 43, 12))).to.equal(0);
    expect(history(asked('s1', 5, 40, 41, 12), asked('s2', 5, 42, 43, 13))).to.equal(1);
    expect(history(asked('s0', 5, 40, 41, 12))).to.equal(1);
  });

  it('follows resets, restarts and a clock that is set, in the middle of requests too', () => {
    const [a, b] = [asked('a', 25, 0, 1, 1), asked('b', 25, 2, 3, 2)];
    const failing = (...events: Parameters<typeof checkHistory>[0]) =>
      checkHistory([a, b, ...events]).failures.length;
    expect(failing(control('reset', 4, 5), asked('a', 25, 6, 7, 1))).to.equal(0);
    expect(failing(control('reset', 4, 5), asked('a', 25, 6, 7, 2))).to.equal(1);
    expect(failing(control('reset', 4, 9), asked('c', 25, 6, 7, 3), asked('d', 25, 10, 11, 1))).to.equal(0);
    // What is still under way when the reset comes may be taken behind it, though the count had passed its own before.
    const longer = asked('a', 25, 2.5, 9, 1);
    expect(failing(longer, asked('c', 25, 3.5, 3.8, 3), control('reset', 4, 8))).to.equal(0);
    expect(failing(asked('b', 25, 2.5, 9, 2), control('reset', 4, 8), asked('a', 25, 8.5, 8.8, 1))).to.equal(
      0,
    );
    expect(failing(control('restart', 4, 5), asked('a', 25, 6, 7, 1))).to.equal(0);
    expect(failing(control('advance', 4, 5, 31), asked('a', 25, 6, 7, 1))).to.equal(0);
    expect(failing(control('advance', 4, 5, 31), asked('a', 25, 6, 7, 2))).to.equal(1);
    expect(failing(control('advance', 4, 5, 29), asked('c', 25, 6, 7, 3))).to.equal(0);
    expect(
      failing(
        control('advance', 4, 5, 20),
        asked('a', 25, 6, 7, 2),
        control('advance', 8, 9, 20),
        asked('c', 25, 10, 11, 2),
      ),
    ).to.equal(0);
    const surviving = { profile: { ...PROFILES['win7-2008r2'], countSurvivesRestart: true } };
    expect(
      checkHistory([a, b, control('restart', 4, 5), asked('c', 25, 6, 7, 3)], surviving).failures,
    ).to.have.length(0);
  });

  it('judges a host that was found with records by what it answers', () => {
    const found = (...events: HistoryRequest[]) => checkHistory(events, { start: 'found' });
    expect(
      found(asked('a', 25, 0, 1, 30), asked('b', 25, 2, 3, 30), asked('c', 25, 4, 5, 31)).failures,
    ).to.have.length(0);
    expect(found(asked('a', 25, 0, 1, 30), asked('a', 25, 2, 3, 31)).failures).to.have.length(1);
    expect(found(asked('a', 25, 0, 1, 30), asked('b', 25, 2, 3, 33)).failures).to.have.length(1);
    // Records of which nothing is known may expire at any time.
    expect(found(asked('a', 25, 0, 1, 30), asked('a', 25, 2, 3, 28)).failures).to.have.length(0);
    expect(
      found(asked('a', 25, 0, 1, 1), asked('b', 25, 2, 3, 2), asked('b', 25, 4, 5, 1)).failures,
    ).to.have.length(1);
  });

  it('counts applications apart, and virtual machines as the profile says', () => {
    const office = { ...asked('a', 5, 2, 3, 1), applicationId: 'office' };
    expect(checkHistory([asked('a', 25, 0, 1, 1), office]).failures).to.have.length(0);
    const virtual = { ...asked('v', 25, 2, 3, 1), isVirtualMachine: true };
    const history = [asked('a', 25, 0, 1, 1), virtual];
    expect(checkHistory(history).failures).to.have.length(1);
    expect(checkHistory(history, { profile: PROFILES['vista-2008'] }).failures).to.have.length(0);
  });

  it('takes what a conforming host answers over 64 connections, and sees each count that is changed', () => {
    const random = new Random(3);
    const mixed = (nth: number) => {
      const isServer = nth < 250;
      const clientMachineId = `${isServer || random.chance(0.3) ? 's' : 'c'}${random.int(0, isServer ? 30 : 150)}`;
      return { clientMachineId, requiredClientCount: isServer ? 5 : 25 };
    };
    const made = [...madeHistory({ requests: 600, connections: 64, random, next: mixed })];
    const check = (changed: number): HistoryChecker => {
      const checker = new HistoryChecker({ largestPolicy: 25 });
      for (const [i, { request: each, passedMs }] of made.entries()) {
        checker.add(i === changed ? { ...each, count: each.count! + 1 } : each);
        checker.passed(passedMs);
      }
      checker.finish();
      return checker;
    };
    const right = check(-1);
    expect([right.failures.length, right.judged, right.unjudged]).to.deep.equal([0, 600, 0]);
    for (const changed of [3, 120, 599]) expect(check(changed).failures, `${changed}`).to.not.have.length(0);
  });

  it('gives up on a host whose answers are lost in dozens, and is not wrong about it', () => {
    const lost = Array.from({ length: 40 }, (_, i) => asked(`lost ${i}`, 25, i, i, null));
    const later = (at: number) =>
      Array.from({ length: 5 }, (_, i) => asked(`later ${i}`, 25, at + i, at + 0.5 + i, 38 + i));
    const judgedAt = (at: number) => {
      const { failures, judged, unjudged } = checkHistory([...lost, ...later(at)]);
      return [failures.length, judged, unjudged];
    };
    expect(judgedAt(100)).to.deep.equal([0, 0, 5]);
    // By then each of them was taken, or never will be.
    expect(judgedAt(60_100)).to.deep.equal([0, 4, 1]);
  });
});
