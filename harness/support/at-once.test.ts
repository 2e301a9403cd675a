import { expect } from 'chai';
import { mapAtOnce } from './at-once';

describe('jobs that are done so many at a time', () => {
  it('keep the order of the items, and never are more than that', async () => {
    let running = 0;
    let most = 0;
    const results = await mapAtOnce([5, 1, 4, 2, 3], 2, async (n) => {
      most = Math.max(most, ++running);
      for (let i = 0; i < n; i++) await Promise.resolve();
      running--;
      return n * 10;
    });
    expect(results).to.deep.equal([50, 10, 40, 20, 30]);
    expect(most).to.equal(2);
    expect(await mapAtOnce([], 2, () => Promise.reject(new Error('nothing to do')))).to.deep.equal([]);
  });

  it('fail as the first that fails', async () => {
    const failure = await mapAtOnce([1, 2], 2, (n) => Promise.reject(new Error(String(n)))).catch(
      (error: unknown) => error,
    );
    expect(failure).to.be.instanceOf(Error).with.property('message', '1');
  });
});
