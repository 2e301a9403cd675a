import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInProcess } from '../../cli/testing/in-process';
import type { FaultName } from '../../lab-host';

const FAULT: FaultName = 'own-previous-cmid-forgets';

describe('kmsspec fuzz', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kmsspec-fuzz-cli-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const run = (...args: string[]) => runInProcess(['fuzz', ...args], { cwd: folder });

  it('exits 0 without a finding', async () => {
    const { exitCode, stdout } = await run('--runs', '300', '--seed', '1');
    expect(exitCode, stdout).to.equal(0);
    expect(stdout).to.match(/300 cases in .*, seed 1: no finding/);
  });

  it('saves what it finds, and says of it: still failing, fixed', async () => {
    const found = await run('--runs', '300', '--seed', '1', '--fault', FAULT, '--stop-on-finding');
    expect(found.exitCode).to.equal(1);
    const [, id = ''] = /kmsspec fuzz --replay (\S+)/.exec(found.stdout) ?? [];
    const files = readdirSync(join(folder, 'kmsspec-findings', id));
    expect(files.sort()).to.deep.equal(['finding.json', 'reproduce.pcapng']);
    const saved = JSON.parse(readFileSync(join(folder, 'kmsspec-findings', id, 'finding.json'), 'utf8')) as {
      repeat: string[];
    };
    // The lines that it brings, as they are pasted.
    for (const line of saved.repeat) {
      const pasted = await runInProcess(line.split(' ').slice(1), { cwd: folder });
      expect(pasted.exitCode, `${line}\n${pasted.stdout}${pasted.stderr}`).to.equal(1);
    }
    const failing = await run('--replay', id, '--fault', FAULT);
    expect(failing.exitCode).to.equal(1);
    expect(failing.stdout).to.match(/still failing \(seen in 10 of 10 tries\)/);
    const fixed = await run('--replay', id);
    expect(fixed.exitCode).to.equal(0);
    expect(fixed.stdout).to.match(/fixed \(seen in 0 of 10 tries\)/);
    const inspected = await runInProcess(['inspect', join('kmsspec-findings', id, 'reproduce.pcapng')], {
      cwd: folder,
    });
    expect(inspected.exitCode).to.equal(0);
    expect(inspected.stdout).to.contain('FZ-');
  });

  it('writes a report that says what was found and tried', async () => {
    const { exitCode, stdout } = await run('--runs', '300', '--seed', '1', '--fault', FAULT, '--json', '-');
    expect(exitCode).to.equal(1);
    const report = JSON.parse(stdout) as {
      coverage: { cases: number; rows: unknown[] };
      findings: Record<string, unknown>[];
    };
    expect(report.coverage.cases).to.equal(300);
    expect(report.coverage.rows.length).to.be.greaterThan(30);
    expect(report.findings[0]).to.include({ oracle: 'count', state: 'new', seed: 1 });
    expect(report.findings[0]!['evidence']).to.be.an('array').that.is.not.empty;
  });

  const wrong: readonly [why: string, args: string[], message: RegExp][] = [
    [
      'a finding that is not there',
      ['--replay', 'nope'],
      /there is no finding nope.*there are none|cannot be read/s,
    ],
    ['a level that is none', ['--levels', 'message,foo'], /expected some of message/],
    ['a corpus that is none', ['--corpus', 'nowhere'], /the corpus .*nowhere cannot be read/],
    ['a time that is none', ['--time', 'soon'], /duration such as/],
    ['a remote target', ['--target', '192.0.2.1'], /--allow-remote/],
    ['one capture from several threads', ['--pcap', 'x.pcapng', '--workers', '2'], /leave out --workers/],
  ];
  for (const [why, args, message] of wrong) {
    it(`refuses ${why} with exit code 2`, async () => {
      const { exitCode, stderr } = await run(...args);
      expect(exitCode).to.equal(2);
      expect(stderr).to.match(message);
      expect(stderr.trim().split('\n').length).to.be.at.most(3);
    });
  }

  it('exits 3 where nobody listens', async () => {
    const { exitCode, stderr } = await run('--target', '127.0.0.1:1', '--timeout', '500');
    expect(exitCode).to.equal(3);
    expect(stderr).to.contain('127.0.0.1:1');
  });
});
