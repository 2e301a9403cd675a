import { expect } from 'chai';
import { StepHistory } from './step-history';

const request = (i: number) => ({
  applicationId: 'a',
  clientMachineId: `m${i}`,
  requiredClientCount: 25,
  isVirtualMachine: false,
});

describe('an order that takes too many looks', () => {
  const requests = Array.from({ length: 100 }, (_, i) => request(i));
  const counts = requests.map((_, i) => Math.min(50, i + 1));

  it('is not looked for any more: what is behind it is judged again, once an answer has said what the host holds', () => {
    const history = new StepHistory({ mostLooks: 200, largestPolicy: 25 });
    history.together(requests, counts);
    expect(history.unjudged).to.be.above(0);
    const before = history.unjudged;
    for (let i = 100; i < 110; i++) expect(history.together([request(i)], [50])).to.deep.equal([null]);
    expect(history.unjudged).to.be.at.most(before + 1);
    expect(history.together([request(110)], [7])[0]).to.not.equal(null);
  });

  it('is found where there are enough', () => {
    const history = new StepHistory({ largestPolicy: 25 });
    expect(history.together(requests, counts).every((failure) => failure === null)).to.equal(true);
    expect(history.unjudged).to.equal(0);
  });
});
