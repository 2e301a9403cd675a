import { expect } from 'chai';
import fc from 'fast-check';
import type { HistoryEvent } from './history';
import { checkHistory } from './history-checker';
import { answeredWith, everyClockedCounts } from './testing/plain-clock';

const DAY_MS = 86_400_000;

const times = fc.record({ startMs: fc.nat(7), lastsMs: fc.nat(4) });
const request = (lostOneIn: number): fc.Arbitrary<HistoryEvent> =>
  fc
    .record({
      times,
      isLost: fc.nat(lostOneIn - 1).map((n) => lostOneIn > 1 && n === 0),
      clientMachineId: fc.constantFrom(...'abcd'),
      requiredClientCount: fc.constantFrom(1, 2),
    })
    .map(({ times: { startMs, lastsMs }, isLost, ...rest }) => ({
      kind: 'request',
      startMs,
      endMs: isLost ? Infinity : startMs + lastsMs,
      applicationId: 'windows',
      isVirtualMachine: false,
      count: null,
      ...rest,
    }));
const control: fc.Arbitrary<HistoryEvent> = fc
  .record({ times, days: fc.constantFrom(0, 16, 29, 31) })
  .map(({ times: { startMs, lastsMs }, days }) => ({
    kind: 'control',
    startMs,
    endMs: startMs + lastsMs,
    control: days === 0 ? 'reset' : 'advance',
    advanceMs: days * DAY_MS,
  }));
const histories = (most: number, lostOneIn: number): fc.Arbitrary<HistoryEvent[]> =>
  fc
    .tuple(
      fc.array(request(lostOneIn), { minLength: 2, maxLength: most, size: 'max' }),
      fc.array(control, { minLength: 1, maxLength: 2 }),
    )
    .map(([requests, controls]) => [...requests, ...controls]);

const failures = (events: readonly HistoryEvent[], counts: readonly (number | null)[]): number =>
  checkHistory(answeredWith(events, counts)).failures.length;

const asked = (clientMachineId: string, startMs: number, endMs: number, count: number): HistoryEvent => ({
  ...{ kind: 'request', applicationId: 'windows', isVirtualMachine: false, requiredClientCount: 25 },
  ...{ clientMachineId, startMs, endMs, count },
});

describe('a history in which the clock is set, or the host is reset, among requests', () => {
  it('is judged again once all have ended of which nobody could tell when they were taken', () => {
    const advance = {
      kind: 'control',
      control: 'advance',
      startMs: 2,
      endMs: 3,
      advanceMs: 29.9995 * DAY_MS,
    } as const;
    const { failures: found, unjudged } = checkHistory([
      // Whether its record is there still is for the clocks of two machines to say.
      ...[asked('a', 0, 1, 1), advance, asked('b', 4, 9, 2), asked('c', 5, 6, 2)],
      ...[asked('d', 10, 11, 3), asked('d', 12, 13, 4)],
    ]);
    expect(found.map(({ request }) => (request.kind === 'request' ? request.startMs : 0))).to.deep.equal([
      12,
    ]);
    expect(unjudged).to.be.within(2, 3);
  });

  for (const [what, history] of [
    ['all of which are answered', histories(5, 1)],
    ['some of which are lost', histories(4, 3)],
  ] as const) {
    it(`is refused where the plain search finds no order only: requests ${what}`, () => {
      let [wrong, told] = [0, 0];
      fc.assert(
        fc.property(history, fc.nat(), fc.boolean(), (events, drawn, isMore) => {
          const right = everyClockedCounts(events);
          const lists = [...right].slice(0, 8).map((text) => JSON.parse(text) as (number | null)[]);
          for (const counts of lists) expect(failures(events, counts), JSON.stringify(counts)).to.equal(0);
          const [list] = lists as [(number | null)[]];
          const changed = list.map((count, i) =>
            count !== null && i === drawn % list.length ? count + (isMore ? 1 : -1) : count,
          );
          if (right.has(JSON.stringify(changed))) return;
          wrong++;
          if (failures(events, changed) > 0) told++;
        }),
        { numRuns: 400 },
      );
      expect(wrong).to.be.greaterThan(100);
      expect(told / wrong).to.be.greaterThan(0.9);
    });
  }
});
