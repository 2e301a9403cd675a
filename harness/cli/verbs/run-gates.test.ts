import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReport } from '../../../reports/results/model';
import { startLabHost } from '../../lab-host';
import { type InProcessRun, runInProcess } from '../testing/in-process';

describe('kmsspec run as a gate', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-gate-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const run = (...argv: string[]): Promise<InProcessRun> => runInProcess(['run', ...argv], { cwd: folder });

  it('fails where what is required was not checked, or does not hold at a level that decides nothing', async () => {
    const holds = await run('CNT-0?', '--require', 'CNT-01', '--require', 'CNT-03');
    expect(holds.exitCode, holds.stdout).to.equal(0);
    const untestable = await run('CNT-01', 'DNS-01', '--require', 'DNS-0*', '--exclude', 'DNS-04').catch(
      String,
    );
    expect(untestable).to.have.property('exitCode', 2);
    const unchecked = await run('CNT-01', 'DNS-01', '--require', 'DNS-01');
    expect(unchecked.exitCode).to.equal(1);
    expect(unchecked.stdout)
      .to.match(/DNS-01/)
      .and.match(/FAIL/);
    const observed = ['CNT-14', '--fault', 'applications-together'];
    expect((await run(...observed)).exitCode).to.equal(0);
    const required = await run(...observed, '--require', 'CNT-14', '--json', '-');
    expect(required.exitCode).to.equal(1);
    expect(parseReport(required.stdout).results[0]).to.include({ id: 'CNT-14', required: true });
  });

  it('refuses to require what is not selected, or does not exist', async () => {
    expect((await run('CNT-01', '--require', 'MSG-01')).stderr).to.match(
      /MSG-01 is required and not selected/,
    );
    expect((await run('--require', 'CNT-999')).exitCode).to.equal(2);
  });

  it('leaves the controls of another target alone, and says so', async () => {
    const lab = await startLabHost({});
    const here = `127.0.0.1:${lab.port}`;
    const controls = `controls: { reset: ["/bin/false"] }\n`;
    try {
      writeFileSync(join(folder, 'kmsspec.yaml'), `target: 127.0.0.2:1688\n${controls}`);
      const other = await run('MSG-01', '--target', here, '--json', '-');
      expect(other.stderr).to.include(`${here} is not 127.0.0.2:1688, the target of the configuration`);
      expect(parseReport(other.stdout).target.controls).to.deep.equal([]);
      writeFileSync(join(folder, 'kmsspec.yaml'), `target: ${here}\n${controls}`);
      const same = await run('MSG-01', '--target', here, '--json', '-');
      expect(same.stderr).to.match(/^kmsspec: .*kmsspec\.yaml is used and may run \/bin\/false; .*\n$/);
      expect(parseReport(same.stdout).target.controls).to.deep.equal(['reset']);
    } finally {
      await lab.close();
    }
  });
});
