import { expect } from 'chai';
import { DEFAULT_PROFILE } from '../../harness/model/profile';
import { RunStates } from '../../harness/jobs/suite/run-states';
import { countsInWords, withoutOrder } from './count-deviation';

const asked = (name: string, count: number) => ({
  name,
  count,
  request: {
    applicationId: 'windows',
    clientMachineId: name,
    requiredClientCount: 25,
    isVirtualMachine: false,
  },
});

describe('requests at the same time that have no order', () => {
  it('are told by the one with which there is none any more', () => {
    const states = new RunStates(DEFAULT_PROFILE, () => 0);
    states.reset();
    const grants = [asked('client 1', 1), asked('client 2', 3), asked('client 3', 3)];
    expect(states.grantedTogether(grants)).to.not.equal(null);
    expect(withoutOrder(grants, states.unordered).message).to.equal(
      'the count of client 2, one of 3 requests at the same time: expected 2, as some order of them gives, received 3 among [1, 3 ×2]',
    );
  });

  it('are told all together where it is no one of them', () => {
    const grants = [asked('client 1', 2), asked('client 2', 2)];
    const all =
      'the counts of 2 requests at the same time: expected counts that some order of them gives, received [2 ×2]';
    expect(withoutOrder(grants, null).message).to.equal(all);
    const unordered = {
      possible: [],
      part: [],
      request: { ...grants[0]!.request, kind: 'request' as const, startMs: 0, endMs: 1, count: 2 },
    };
    expect(withoutOrder(grants, unordered).message).to.equal(all);
  });

  it('names counts in words', () => {
    expect([[2], [4, 2], [3, 1, 2], [1, 2, 4]].map(countsInWords)).to.deep.equal([
      '2',
      '2 or 4',
      '1 to 3',
      '1 or 2 or 4',
    ]);
  });
});
