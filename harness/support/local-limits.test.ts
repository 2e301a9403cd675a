import { expect } from 'chai';
import {
  LocalLimits,
  localLimitOf,
  lookForDescriptors,
  noteLocalLimit,
  watchDescriptors,
} from './local-limits';

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
    for (const descriptor of [undefined, 0, 21]) watchDescriptors(descriptor, 30);
    watchDescriptors(5); // what this process may open is more
    expect(limits.met).to.deep.equal([]);
    watchDescriptors(27, 30);
    expect(limits.met).to.deep.equal(['too many open files (ulimit -n 30)']);
    const later = new LocalLimits();
    lookForDescriptors();
    expect(later.met, 'there are enough').to.deep.equal([]);
  });

  for (const [what, code, errno, limit] of [
    ['descriptors', 'EMFILE', -24, /too many open files/],
    ['threads', 'ERR_WORKER_INIT_FAILED', undefined, /a thread/],
    ['what the system gives a number only', 'ERR_SYSTEM_ERROR', 24, /too many open files/],
    ['another error of the system', 'ERR_SYSTEM_ERROR', 99, null],
    ['a host that refuses', 'ECONNREFUSED', -111, null],
    ['a name of an object', 'toString', undefined, null],
  ] as const) {
    it(`are told from other errors, also as a cause: ${what}`, () => {
      const error = Object.assign(new Error('x'), { code, errno });
      for (const each of [error, new Error('around it', { cause: error })]) {
        if (limit === null) expect(localLimitOf(each)).to.equal(null);
        else expect(localLimitOf(each)).to.match(limit);
      }
    });
  }

  it('are none of an error that causes itself, nor of what is none', () => {
    const endless = new Error('x');
    endless.cause = endless;
    expect([endless, null, 'EMFILE', { code: 'EMFILE' }].map((each) => localLimitOf(each))).to.deep.equal(
      Array(4).fill(null),
    );
  });
});
