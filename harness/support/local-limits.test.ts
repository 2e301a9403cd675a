import { expect } from 'chai';
import { LocalLimits, noteLocalLimit, watchDescriptors } from './local-limits';

describe('limits of this machine', () => {
  it('are told once each', () => {
    const limits = new LocalLimits();
    for (const what of ['no ports', 'no memory', 'no ports']) noteLocalLimit(what);
    expect(limits.met).to.deep.equal(['no ports', 'no memory']);
  });

  it('are those of a run, and not of what the process did before', () => {
    const first = new LocalLimits();
    noteLocalLimit('no ports');
    const second = new LocalLimits();
    expect(second.met).to.deep.equal([]);
    noteLocalLimit('no memory');
    expect(second.met).to.deep.equal(['no memory']);
    noteLocalLimit('no ports');
    expect([...second.met].sort()).to.deep.equal(['no memory', 'no ports']);
    expect([...first.met].sort()).to.deep.equal(['no memory', 'no ports']);
    expect(new LocalLimits().met).to.deep.equal([]);
  });

  it('are met where descriptors are nearly used up, before anything fails', () => {
    const limits = new LocalLimits();
    for (const descriptor of [undefined, 0, 26]) watchDescriptors(descriptor, 30);
    watchDescriptors(5); // what this process may open is more
    expect(limits.met).to.deep.equal([]);
    watchDescriptors(27, 30);
    expect(limits.met).to.deep.equal(['too many open files (ulimit -n 30)']);
  });
});
