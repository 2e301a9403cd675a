import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseReport } from '../../../reports/results/model';
import { failureOf } from '../../client/host-failure';
import { packageRoot } from '../../support/package-root';
import { describeError } from '../output/describe-error';

const MAIN = join(packageRoot(), 'dist/harness/cli/main.js');

/** Runs the program with so few descriptors that it cannot do what it was asked for. */
function runWith(descriptors: number, argv: readonly string[]) {
  const words = [process.execPath, MAIN, ...argv].map((word) => `'${word}'`).join(' ');
  const { status, stdout, stderr } = spawnSync('sh', ['-c', `ulimit -n ${descriptors}; exec ${words}`], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

describe('a machine that does not suffice', function () {
  this.timeout(120_000);

  for (const descriptors of [30, 26]) {
    for (const argv of [
      ['run', 'MSG', 'RPC-0*', '--json', '-'],
      ['load', '--rate', '400', '--duration', '1s', '--json', '-'],
    ]) {
      it(`with ${descriptors} descriptors accuses nobody, and says so: ${argv[0]}`, function () {
        if (process.platform === 'win32') return;
        const { status, stdout, stderr } = runWith(descriptors, argv);
        if (stdout === '') {
          // It did not come so far as to begin.
          expect(status, stderr).to.be.oneOf([2, 4]);
          return void expect(stderr).to.match(/EMFILE|too many open files/);
        }
        const { results, summary, run } = parseReport(stdout);
        if (run.limits === undefined) return void expect([status, summary.failed]).to.deep.equal([0, 0]);
        expect(status, stderr).to.equal(4);
        expect(run.limits.join()).to.contain('open files');
        expect(results.filter(({ outcome }) => outcome === 'failed')).to.deep.equal([]);
      });
    }
  }

  it('is no host that cannot be reached', () => {
    const endpoint = { host: '127.0.0.1', port: 1 };
    for (const code of ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EADDRNOTAVAIL']) {
      const failure = failureOf(Object.assign(new Error(code), { code }), 'connect', endpoint);
      expect(describeError(failure).exitCode, code).to.equal(4);
    }
  });

  it('is met at all: 30 descriptors are too few for the messages of the catalogue', () => {
    const { status, stderr } = runWith(30, ['run', 'MSG', '--quiet']);
    expect(status, stderr).to.equal(4);
  });
});
