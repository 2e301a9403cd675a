import { expect } from 'chai';
import { targetArguments } from './target-arguments';

describe('the part of a command line that names a target', () => {
  const embedded = { configFile: null };

  it('is empty for the embedded lab host', () => {
    expect(targetArguments({ runs: 5, seed: 1, out: 'x' }, embedded, '/home')).to.deep.equal([]);
  });

  it('has every fault and switch of the embedded host', () => {
    const options = { fault: ['count-off-by-one', 'no-virtual'], checkClock: true, ndr64: 'off' };
    expect(targetArguments(options, embedded, '/home')).to.deep.equal([
      ...['--fault', 'count-off-by-one', '--fault', 'no-virtual', '--ndr64', 'off', '--check-clock'],
    ]);
  });

  it('has what a remote target needs, with files that are found from any folder', () => {
    const options = { target: 'kms.example.test', allowRemote: true, timeout: 500, macKey: 'lab.key' };
    expect(targetArguments(options, { configFile: 'kmsspec.yaml' }, '/home')).to.deep.equal([
      ...['--target', 'kms.example.test', '--allow-remote', '--timeout', '500'],
      ...['--config', '/home/kmsspec.yaml', '--mac-key', '/home/lab.key'],
    ]);
  });
});
