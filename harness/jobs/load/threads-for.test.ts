import { expect } from 'chai';
import type { LoadPlan } from './plan';
import { threadsFor } from './threads-for';

describe('how many threads generate a load where nobody says', () => {
  const HERE = { host: '127.0.0.1', port: 1688 };
  const ELSEWHERE = { host: '192.0.2.1', port: 1688 };
  const chosen = (plan: Partial<LoadPlan>, cores: number): number =>
    threadsFor({ endpoint: ELSEWHERE, rate: null, mode: 'kept', connections: 64, ...plan }, cores);
  const rate = (from: number, to = from) => ({ rate: { from, to } });

  it('is one for what one keeps up with', () => {
    expect(chosen(rate(100), 8)).to.equal(1);
    expect(chosen(rate(10_000), 8)).to.equal(1);
    expect(chosen({ ...rate(1_500), mode: 'each' }, 8)).to.equal(1);
  });

  it('is as many as the highest rate takes, with a connection each sooner', () => {
    expect(chosen(rate(100, 25_000), 8)).to.equal(3);
    expect(chosen(rate(25_000, 100), 8)).to.equal(3);
    expect(chosen({ ...rate(4_000), mode: 'each' }, 8)).to.equal(3);
  });

  it('is all cores where it goes as fast as it can, and one fewer where the host has one of them', () => {
    expect(chosen({}, 8)).to.equal(8);
    expect(chosen({ endpoint: HERE }, 8)).to.equal(7);
    expect(chosen({ endpoint: { host: 'localhost', port: 1688 } }, 8)).to.equal(7);
  });

  it('is all cores with a connection each as fast as it can, wherever the host runs', () => {
    expect(chosen({ endpoint: HERE, mode: 'each' }, 8)).to.equal(8);
    expect(chosen({ endpoint: HERE, mode: 'each', ...rate(100_000) }, 8)).to.equal(7);
  });

  it('is never more than cores or connections, and never none', () => {
    expect(chosen(rate(1_000_000), 4)).to.equal(4);
    expect(chosen({ connections: 2 }, 8)).to.equal(2);
    expect(chosen({ endpoint: HERE }, 1)).to.equal(1);
  });
});
