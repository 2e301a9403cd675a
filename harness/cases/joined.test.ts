import { expect } from 'chai';
import { type AskStep, type FuzzCase, GOOD_ASK } from './case';
import { isOneConnection, joined } from './joined';

describe('cases that shared a connection', () => {
  const machine = (of: string, at: number): string => `${of}000000${at}-0000-0000-0000-000000000000`;
  const single = (of: string, ask: Partial<AskStep>): FuzzCase => ({
    level: 'message',
    applications: [`${of}0000000-aaaa-0000-0000-000000000000`, `${of}0000000-bbbb-0000-0000-000000000000`],
    machines: [0, 1, 2, 3].map((at) => machine(of, at)),
    canary: 7,
    steps: [{ ...GOOD_ASK, ...ask }],
  });

  it('are one case, with the machines that each had, and those before the last ask for another application', () => {
    const cases = [
      single('1', { machine: 2, callId: 5 }),
      single('2', { machine: 1, previous: 3, application: 1 }),
      single('3', { machine: 3, previous: 3, application: 1 }),
    ];
    const one = joined(cases);
    const asks = one.steps as readonly AskStep[];
    const named = asks.map((ask) => [
      one.machines[ask.machine],
      ask.previous === null ? null : one.machines[ask.previous],
    ]);
    expect(named).to.deep.equal([
      [machine('1', 2), null],
      [machine('2', 1), machine('2', 3)],
      [machine('3', 3), machine('3', 3)],
    ]);
    expect(asks.map(({ application }) => application)).to.deep.equal([0, 0, 1]);
    expect(asks[0]!.callId).to.equal(5);
    expect(one.applications).to.equal(cases[2]!.applications);
    expect(isOneConnection(one)).to.equal(true);
  });

  it('is the case itself where there is one', () => {
    const only = single('1', {});
    expect(joined([only])).to.equal(only);
    expect(isOneConnection(only)).to.equal(false);
  });
});
