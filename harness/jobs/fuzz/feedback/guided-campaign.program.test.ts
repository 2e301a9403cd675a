import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLabHost } from '../../../lab-host';
import { runInProcess } from '../../../cli/testing/in-process';

describe('fuzz campaigns with feedback', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kmsspec-guided-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const keptLines = (): number =>
    readFileSync(join(folder, 'out', 'kept-cases.jsonl'), 'utf8')
      .trim()
      .split('\n').length;

  it('keep what was answered in a new way, find what is wrong, and show each finding again', async () => {
    const args = ['fuzz', '--fault', 'own-previous-cmid-forgets', '--out', 'out', '--quiet'];
    const first = await runInProcess(
      [...args, '--runs', '150', '--feedback', 'answers', '--json', 'r.json'],
      {
        cwd: folder,
      },
    );
    expect(first.exitCode, first.stderr).to.equal(1);
    expect(keptLines()).to.be.greaterThan(5);
    const { findings } = JSON.parse(readFileSync(join(folder, 'r.json'), 'utf8')) as {
      findings: { id: string; oracle: string }[];
    };
    const { id } = findings.find(({ oracle }) => oracle === 'count')!;
    const again = await runInProcess([...args, '--replay', id], { cwd: folder });
    expect(again.exitCode).to.equal(1);
    expect(again.stdout).to.contain('still failing');
  });

  it('ask the host behind each case what it ran, where there is a control for it', async () => {
    const log = join(folder, 'asked');
    writeFileSync(
      join(folder, 'kmsspec.yaml'),
      `controls:\n  coverage: [sh, -c, 'n=0; while read -r line; do n=$((n+1)); echo "$line" >> ${log}; echo "ok $((n % 9)):1"; done']\n`,
    );
    const host = await startLabHost({ seed: 1 });
    try {
      const { exitCode, stderr } = await runInProcess(
        [
          'fuzz',
          '--config',
          'kmsspec.yaml',
          '--target',
          `127.0.0.1:${host.port}`,
          '--runs',
          '30',
          '--out',
          'out',
        ],
        { cwd: folder },
      );
      expect(exitCode, stderr).to.equal(0);
      const asked = readFileSync(log, 'utf8').trim().split('\n');
      // Behind those that every campaign begins with, too.
      expect(asked.length).to.be.at.least(30);
      expect(new Set(asked)).to.deep.equal(new Set(['coverage']));
      expect(keptLines()).to.equal(9);
    } finally {
      await host.close();
    }
  });

  it('need the control for it, and the host for themselves', async () => {
    const missing = await runInProcess(['fuzz', '--feedback', 'coverage', '--runs', '5', '--out', 'out'], {
      cwd: folder,
    });
    expect(missing.exitCode).to.equal(2);
    expect(missing.stderr).to.contain('controls.coverage');
  });
});
