import { expect } from 'chai';
import { measureGrowth } from '../../bench/growth';

describe('the growth of the bench', function () {
  this.timeout(180_000);

  it('measures what it says: so many requests of each kind, and fleets of two sizes', async () => {
    const measured = new Map<string, number>();
    await measureGrowth(
      { measured: (what, value) => void measured.set(what, value), note: () => {} },
      { requests: 1000, clients: 1000 },
    );
    const names = [...measured.keys()];
    for (const way of ['load', 'stream', 'fuzz', 'replay'])
      expect(
        names.filter((name) => name.startsWith(way)),
        way,
      ).to.have.length(1);
    const sizes = names.filter((name) => name.startsWith('a client-day'));
    expect(sizes).to.deep.equal(['a client-day of 100 clients', 'a client-day of 1,000 clients']);
    expect(measured.get('    memory at 1,000')).to.be.within(20, 1000);
    expect(measured.get('    memory of the larger')).to.be.within(20, 1000);
  });
});
