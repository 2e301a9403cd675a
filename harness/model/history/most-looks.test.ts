import { expect } from 'chai';
import fc from 'fast-check';
import { Random } from '../../support/random';
import { CountingModel } from '../counting-model';
import { DEFAULT_PROFILE } from '../profile';
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

  it('is found where hundreds of two kinds ask at once, and nothing that comes behind them is refused', () => {
    const drawn = fc.record({
      seed: fc.nat(),
      servers: fc.nat(80),
      clients: fc.integer({ min: 60, max: 200 }),
      later: fc.array(fc.record({ nth: fc.nat(300), requiredClientCount: fc.constantFrom(5, 25, 25, 30) }), {
        maxLength: 20,
      }),
    });
    fc.assert(
      fc.property(drawn, ({ seed, servers, clients, later }) => {
        const model = new CountingModel(DEFAULT_PROFILE);
        const history = new StepHistory({ largestPolicy: 30 });
        const burst = new Random(seed).shuffle([
          ...Array.from({ length: servers }, (_, i) => ({ ...request(i), requiredClientCount: 5 })),
          ...Array.from({ length: clients }, (_, i) => request(100 + i)),
        ]);
        const granted = burst.map((each) => model.grant(each, 0));
        expect(history.together(burst, granted).every((failure) => failure === null)).to.equal(true);
        expect(history.unjudged).to.equal(0);
        for (const { nth, requiredClientCount } of later) {
          const next = { ...request(nth), requiredClientCount };
          expect(history.together([next], [model.grant(next, 0)])).to.deep.equal([null]);
        }
        expect(history.together([request(999)], [model.grant(request(999), 0) + 1])[0]).to.not.equal(null);
      }),
      { numRuns: 30 },
    );
  });
});
