import { expect } from 'chai';
import { DEFAULT_PROFILE } from '../../model/profile';
import { RunStates } from './run-states';

const DAY_MS = 86_400_000;
const machine = (clientMachineId: string) => ({
  applicationId: 'windows',
  clientMachineId,
  requiredClientCount: 25,
  isVirtualMachine: false,
});
const [a, b, c] = [machine('a'), machine('b'), machine('c')] as const;

describe('what is known of a host in a run', () => {
  let nowMs = 0;
  const fresh = (): RunStates => {
    nowMs = 1_700_000_000_000;
    const states = new RunStates(DEFAULT_PROFILE, () => nowMs);
    states.reset();
    return states;
  };

  it('names the answer of several at once that has no order, and what would have been possible', () => {
    const states = fresh();
    const grants = [
      { request: a, count: 2 },
      { request: b, count: 2 },
    ];
    expect(states.grantedTogether(grants)).to.not.equal(null);
    expect(states.unordered).to.deep.include({ possible: [1] });
    expect(states.granted(c, 3)).to.equal(null);
    expect(states.unordered).to.equal(null);
  });

  it('lets records expire by the clock of the host', () => {
    const states = fresh();
    expect(states.granted(a, 1)).to.equal(null);
    nowMs += 31 * DAY_MS;
    expect([states.granted(b, 1), states.unordered]).to.deep.equal([null, null]);
    expect([...states.granted(c, 1)!]).to.deep.equal([2]);
    expect(states.unordered?.possible).to.deep.equal([2]);
  });

  it('adds up the moments by which the clock goes on between requests', () => {
    const states = fresh();
    states.granted(a, 1);
    for (let i = 0; i < 10; i++) {
      nowMs += 400;
      expect([states.granted(b, 2), states.unordered]).to.deep.equal([null, null]);
    }
    nowMs += 30 * DAY_MS - 3500;
    expect([states.granted(c, 2), states.unordered], 'a has expired, b has not').to.deep.equal([null, null]);
    expect([...states.granted(a, 2)!]).to.deep.equal([3]);
  });

  it('lets a request that nobody knows the end of have been counted or not', () => {
    const states = fresh();
    states.recordUncertain(a);
    for (const [request, count] of [
      [b, 2],
      [c, 3],
    ] as const)
      expect([states.granted(request, count), states.unordered]).to.deep.equal([null, null]);
  });

  it('knows nothing behind what may have been anything', () => {
    const states = fresh();
    states.granted(a, 1);
    states.forget();
    expect([states.granted(b, 17), states.unordered]).to.deep.equal([null, null]);
    expect(states.counts('windows')).to.deep.equal(new Set([17]));
    expect(states.expected(c)).to.deep.equal(new Set([18]));
  });
});
