import { expect } from 'chai';
import { StepHistory } from './step-history';

const machine = (clientMachineId: string, requiredClientCount = 25) => ({
  applicationId: 'windows',
  clientMachineId,
  requiredClientCount,
  isVirtualMachine: false,
});
const [a, b, c] = [machine('a'), machine('b'), machine('c')] as const;
const possible = (failures: readonly ({ possible: readonly number[] } | null)[]) =>
  failures.map((failure) => failure?.possible ?? null);

describe('a history in steps', () => {
  it('lets the requests of a step have any order, and steps only theirs', () => {
    const history = new StepHistory();
    expect(possible(history.together([a, b], [2, 1]))).to.deep.equal([null, null]);
    expect(possible(history.together([c], [2]))).to.deep.equal([[3]]);
  });

  it('says which request of a step it is that has no order, of two with the same machine too', () => {
    const history = new StepHistory();
    const [first, second] = history.together([a, a], [1, 2]);
    expect([first, second?.request.count, second?.possible]).to.deep.equal([null, 2, [1]]);
  });

  it('goes on from a reset and by the clock that is set', () => {
    const history = new StepHistory();
    history.together([a, b], [1, 2]);
    history.control('advance', 31 * 86_400_000);
    expect(possible(history.together([c], [1]))).to.deep.equal([null]);
    history.control('reset');
    expect(possible(history.together([a], [2]))).to.deep.equal([[1]]);
  });

  it('does not judge what was lost, or what nobody knows', () => {
    const history = new StepHistory({ start: 'found' });
    expect(possible(history.together([a, b], [7, null]))).to.deep.equal([null, null]);
    expect(history.unjudged).to.equal(1);
    expect(possible(history.together([c], [9]))).to.deep.equal([null]);
    // Any of the old records may have expired.
    expect(possible(history.together([c], [12]))).to.deep.equal([[3, 4, 5, 6, 7, 8, 9]]);
  });
});
