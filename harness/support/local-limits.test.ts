import { expect } from 'chai';
import { forgetLocalLimits, localLimits, noteLocalLimit, watchDescriptors } from './local-limits';

describe('limits of this machine', () => {
  beforeEach(forgetLocalLimits);
  afterEach(forgetLocalLimits);

  it('are told once each', () => {
    for (const what of ['no ports', 'no memory', 'no ports']) noteLocalLimit(what);
    expect(localLimits()).to.deep.equal(['no ports', 'no memory']);
    forgetLocalLimits();
    expect(localLimits()).to.deep.equal([]);
  });

  it('are met where descriptors are nearly used up, before anything fails', () => {
    for (const descriptor of [undefined, 0, 26]) watchDescriptors(descriptor, 30);
    expect(localLimits()).to.deep.equal([]);
    watchDescriptors(27, 30);
    expect(localLimits()).to.deep.equal(['too many open files (ulimit -n 30)']);
    forgetLocalLimits();
    watchDescriptors(5); // what this process may open is more
    expect(localLimits()).to.deep.equal([]);
  });
});
