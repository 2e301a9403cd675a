import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReport } from '../../../reports/results/model';
import { startLabHost } from '../../lab-host';
import { UsageError } from '../../support/usage-error';
import { labOf } from '../diff/hosts';
import { runInProcess } from '../testing/in-process';

describe('kmsspec diff', function () {
  this.timeout(60_000);

  it('exits 1 where two hosts differ, and tells what, in the terminal and in the report', async () => {
    const args = ['diff', 'lab', 'lab:activation-interval-60', '--seed', '1', '--stop-on-difference'];
    const { exitCode, stdout } = await runInProcess([...args, '--time', '20s']);
    expect(exitCode).to.equal(1);
    expect(stdout).to.match(
      /^A is lab, B is lab:activation-interval-60\n\d+ conversations? .*: 1 difference\n/,
    );
    expect(stdout).to.include('  sent: machine 1 asks as a server\n');
    expect(stdout).to.include('activation interval in minutes: lab: 120; lab:activation-interval-60: 60');
    const { stdout: json } = await runInProcess([...args, '--time', '20s', '--json', '-', '--quiet']);
    const { findings, target } = parseReport(json);
    expect(target).to.include({ address: 'lab and lab:activation-interval-60', embedded: true });
    expect(findings![0]).to.include({ oracle: 'differs', state: 'new', expected: '120', received: '60' });
  });

  it('exits 0 where they are alike, and where all that differs is known', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kmsspec-diff-'));
    try {
      const alike = await runInProcess(['diff', 'lab', 'lab', '--time', '4s', '--timing'], { cwd: folder });
      expect(alike.exitCode, alike.stdout).to.equal(0);
      expect(alike.stdout).to.include('no difference');
      const args = [
        'diff',
        'lab',
        'lab:activation-interval-60',
        '--stop-on-difference',
        '--baseline',
        'known.yaml',
      ];
      const written = await runInProcess([...args, '--update-baseline', '--time', '20s'], { cwd: folder });
      expect(written.exitCode).to.equal(0);
      const known = await runInProcess([...args, '--time', '20s'], { cwd: folder });
      expect(known.exitCode).to.equal(0);
      expect(known.stdout).to.match(
        /1 difference, 1 of them known[\s\S]*known: recorded by --update-baseline/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('takes hosts by address and by configuration', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kmsspec-diff-'));
    const host = await startLabHost({});
    try {
      writeFileSync(join(folder, 'one.yaml'), `target: 127.0.0.1:${host.port}\nprofile: vista-2008\n`);
      writeFileSync(join(folder, 'none.yaml'), 'profile: vista-2008\n');
      const args = ['one.yaml', `127.0.0.1:${host.port}`, '--time', '1s', '--json', '-', '--quiet'];
      const { stdout, stderr } = await runInProcess(['diff', ...args], { cwd: folder });
      expect(stderr).to.equal('');
      expect(parseReport(stdout).target.profile).to.equal('vista-2008 and win7-2008r2');
      const none = await runInProcess(['diff', 'lab', 'none.yaml'], { cwd: folder });
      expect(none.exitCode).to.equal(2);
      expect(none.stderr).to.include('none.yaml names no target');
    } finally {
      await host.close();
      rmSync(folder, { recursive: true });
    }
  });

  it('exits 3 where one cannot be reached, and 2 for what is no host', async () => {
    const gone = await startLabHost({});
    await gone.close();
    const lost = await runInProcess(['diff', 'lab', `127.0.0.1:${gone.port}`, '--timeout', '500']);
    expect(lost.exitCode).to.equal(3);
    const remote = await runInProcess(['diff', 'lab', '192.0.2.1']);
    expect(remote.exitCode).to.equal(2);
    expect(remote.stderr).to.include('--allow-remote');
    for (const wrong of [
      ['lab', 'lab:cap-94'],
      ['lab', 'lab', '--levels', 'none'],
      ['lab', 'lab', '--time', 'soon'],
      ['lab', 'lab', '--update-baseline'],
    ])
      expect((await runInProcess(['diff', ...wrong])).exitCode, wrong.join(' ')).to.equal(2);
  });

  it('makes of words what a lab host can be told', async () => {
    const words = ['cap-49', 'takes-20-ms', 'ndr64=off', 'check-clock', 'check-mac', 'key-group=r2-c'];
    const { profile, ...lab } = await labOf([...words, 'profile=vista-2008'], '.');
    expect(profile?.name).to.equal('vista-2008');
    expect(lab).to.deep.equal({
      ...{ faults: ['cap-49'], habits: ['takes-20-ms'], ndr64: false },
      ...{ checkClock: true, checkMac: true, keyGroup: 'r2-c' },
    });
    const problem = await labOf(['cap-94'], '.').catch((error: unknown) => error);
    expect(problem).to.be.instanceOf(UsageError).with.property('message').that.includes('did you mean cap-');
  });
});
