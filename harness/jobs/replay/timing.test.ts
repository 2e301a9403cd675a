import { expect } from 'chai';
import { parseTiming, ReplayUsageError } from '.';

describe('timing of a replay', () => {
  it('reads timings', () => {
    expect([
      parseTiming('recorded'),
      parseTiming('fast'),
      parseTiming('x10'),
      parseTiming('x0.5'),
    ]).to.deep.equal([1, Infinity, 10, 0.5]);
    for (const text of ['', 'x', 'x0', 'x-1', '10', 'slow', 'x1e9']) {
      expect(() => parseTiming(text), text).to.throw(ReplayUsageError, /expected recorded, fast, or xN/);
    }
  });
});
