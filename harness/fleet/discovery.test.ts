import { expect } from 'chai';
import { Random } from '../random';
import { discoveryOrder, type SrvRecord } from './discovery';

const RECORDS: readonly SrvRecord[] = [
  { priority: 10, weight: 0 },
  { priority: 0, weight: 60 },
  { priority: 0, weight: 20 },
  { priority: 0, weight: 0 },
];

/** How often each record came first in 20,000 lookups. */
function firsts(records: readonly SrvRecord[], heedsPriority: boolean): number[] {
  const random = new Random(4);
  const times = records.map(() => 0);
  for (let i = 0; i < 20_000; i++)
    times[discoveryOrder(records, heedsPriority, () => random.fraction())[0]!]!++;
  return times;
}

describe('discovery of hosts', () => {
  it('goes by priority, and by weight within one', () => {
    const [low, heavy, light, weightless] = firsts(RECORDS, true);
    expect(low).to.equal(0);
    expect(heavy! / 20_000).to.be.closeTo(0.75, 0.02);
    expect(light! / 20_000).to.be.closeTo(0.25, 0.02);
    expect(weightless!).to.be.below(50);
    const order = discoveryOrder(RECORDS, true, () => 0.5);
    expect(order.at(-1)).to.equal(0);
    expect([...order].sort()).to.deep.equal([0, 1, 2, 3]);
  });

  it('is a random pick in the older profile', () => {
    for (const times of firsts(RECORDS, false)) expect(times / 20_000).to.be.closeTo(0.25, 0.02);
  });

  it('spreads hosts of the same priority without weights evenly', () => {
    const equal = [0, 0, 0].map(() => ({ priority: 0, weight: 0 }));
    for (const times of firsts(equal, true)) expect(times / 20_000).to.be.closeTo(1 / 3, 0.02);
  });
});
