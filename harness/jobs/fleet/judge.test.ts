import { expect } from 'chai';
import { judgeActivation } from './judge';
import type { FleetResult, MachineSummary } from './result';

/** A machine by the hours at which it first asked and was activated. */
const machine = (
  name: string,
  firstAskedHour: number | null,
  activatedHour: number | null,
  requiredClientCount = 5,
): MachineSummary => ({
  name,
  kind: 'kind',
  requiredClientCount,
  arrivedHour: 0,
  firstAskedHour,
  activatedHour,
  requests: 1,
  unanswered: 0,
  lapses: 0,
  licence: 'licensed',
});

function verdict(...machines: MachineSummary[]) {
  const { thresholdHour, early, late, never } = judgeActivation({ machines } as unknown as FleetResult, 5);
  const names = (of: readonly MachineSummary[]): string[] => of.map(({ name }) => name);
  return { thresholdHour, early: names(early), late: names(late), never: names(never) };
}

/** Four machines that asked in the first hours, so that the fifth to ask makes the threshold. */
const FOUR = [1, 2, 3, 4].map((hour) => machine(`m${hour}`, hour, 10));

describe('judging when machines were activated', () => {
  it('takes the fifth machine that asked for the first time for the threshold, whatever the order', () => {
    const all = [machine('fifth', 9, 9), ...FOUR];
    expect(verdict(...all)).to.deep.equal({ thresholdHour: 9, early: [], late: [], never: [] });
    expect(verdict(...all.reverse())).to.include({ thresholdHour: 9 });
  });

  it('counts every machine that asked, and judges those of the threshold alone', () => {
    const server = machine('client of 25', 9, 9, 25);
    const { thresholdHour, early } = verdict(...FOUR, server, machine('silent', null, null));
    expect(thresholdHour).to.equal(9);
    expect(early).to.deep.equal([]);
    expect(verdict(...FOUR, machine('client of 25', 9, 1, 25)).early).to.deep.equal([]);
  });

  it('finds machines that were activated before the threshold', () => {
    expect(
      verdict(...FOUR.slice(0, 3), machine('early', 4, 8.9), machine('fifth', 9, 9)).early,
    ).to.deep.equal(['early']);
  });

  it('finds those that waited longer than a retry after the threshold, or after they came', () => {
    const { thresholdHour, late } = verdict(
      ...FOUR,
      machine('fifth', 9, 11),
      machine('in time', 20, 22),
      machine('late', 20, 22.1),
      machine('a minute for the answer', 20, 22 + 1 / 60),
    );
    expect(thresholdHour).to.equal(9);
    expect(late).to.deep.equal(['late']);
  });

  it('finds those that were never activated, late as well where they could have been', () => {
    const { late, never } = verdict(...FOUR, machine('fifth', 9, 9), machine('left out', 9, null));
    expect([late, never]).to.deep.equal([['left out'], ['left out']]);
  });

  it('takes any activation for an early one where too few asked, and nobody for late', () => {
    const few = FOUR.slice(0, 3).map((one) => ({ ...one, activatedHour: null }));
    expect(verdict(...few, machine('gift', 3, 30))).to.deep.equal({
      thresholdHour: null,
      early: ['gift'],
      late: [],
      never: ['m1', 'm2', 'm3'],
    });
  });
});
