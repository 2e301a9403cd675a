import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReport } from '../../../reports/model';
import { type LabHost, startLabHost } from '../../lab-host';
import { startControlServer } from '../../lab-host/control';
import { PROFILES } from '../../model/profile';
import { packageRoot } from '../../package-root';
import { runInProcess } from '../testing/in-process';

const MAIN = join(packageRoot(), 'dist/harness/cli/main.js');

describe('kmsspec fleet', () => {
  it("shows the article's 500 systems: all activated, as the model expects", async () => {
    const { exitCode, stdout, stderr } = await runInProcess([
      'fleet',
      '--clients',
      '500',
      '--client-product',
      'vista',
      '--profile',
      'vista-2008',
      '--days',
      '7',
      '--seed',
      '1',
    ]);
    expect(stderr).to.equal('');
    expect(exitCode).to.equal(0);
    expect(stdout).to.match(/^500 of 500 activated, the first after .* the last after 2[34]h/m);
    expect(stdout).to.include('the model expects: 500 of 500').and.include('highest count 50 of 50 places');
    expect(stdout).to.include('# licensed');
  });

  it('goes over TCP, and reports what reads back', async () => {
    const { exitCode, stdout } = await runInProcess([
      'fleet',
      '--clients',
      '60',
      '--servers',
      '5',
      '--days',
      '10',
      '--via',
      'tcp',
      '--keep',
      '--json',
      '-',
    ]);
    expect(exitCode).to.equal(0);
    const { fleet, results } = parseReport(stdout);
    expect(fleet).to.include({ clients: 65, activated: 65, neverActivated: 0 });
    expect(fleet?.machines).to.have.lengthOf(65);
    expect(results[0]).to.include({ id: 'FLEET', outcome: 'passed' });
  });

  it('says what a target without a clock cannot show, and is inconclusive', async () => {
    const host = await startLabHost();
    try {
      const target = ['--target', `127.0.0.1:${host.port}`];
      const { exitCode, stdout } = await runInProcess([
        'fleet',
        ...target,
        '--clients',
        '30',
        '--days',
        '2',
        '--keep',
      ]);
      expect(exitCode).to.equal(4);
      expect(stdout).to.include('not shown').and.include('controls.advanceClock');
    } finally {
      await host.close();
    }
  });

  it('fails at a host that counts otherwise', async () => {
    const host: LabHost = await startLabHost({ profile: PROFILES['vista-2008'] });
    const control = await startControlServer(host, 0);
    const folder = mkdtempSync(join(tmpdir(), 'kmsspec-fleet-'));
    try {
      const config = join(folder, 'kmsspec.yaml');
      const reset = JSON.stringify([process.execPath, MAIN, 'ctl', String(control.port), 'reset']);
      writeFileSync(config, `target: 127.0.0.1:${host.port}\ncontrols: { reset: ${reset} }\n`);
      const plan = join(folder, 'plan.yaml');
      writeFileSync(plan, 'days: 1\ngroups: [{ name: guest, product: win7, count: 30, virtual: true }]\n');
      const { exitCode, stdout } = await runInProcess([
        'fleet',
        '--config',
        config,
        '--plan',
        plan,
        '--keep',
      ]);
      expect(exitCode).to.equal(1);
      expect(stdout).to.include('guest 1 received').and.include('answers differ');
    } finally {
      rmSync(folder, { recursive: true });
      await control.close();
      await host.close();
    }
  });

  it('tells that nobody is there, with exit code 3', async () => {
    const { exitCode, stdout } = await runInProcess([
      'fleet',
      '--target',
      '127.0.0.1:1',
      '--clients',
      '3',
      '--days',
      '1',
    ]);
    expect(exitCode).to.equal(3);
    expect(stdout).to.include('refused the connection');
  });

  it('points at what is wrong in a plan or an option', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kmsspec-fleet-'));
    try {
      const plan = join(folder, 'plan.yaml');
      writeFileSync(plan, 'groups:\n  - { name: a, product: win8, count: 3 }\n');
      const wrong = await runInProcess(['fleet', '--plan', plan]);
      expect(wrong.exitCode).to.equal(2);
      expect(wrong.stderr).to.include('plan.yaml').and.include('product');
      for (const [option, value] of [
        ['--outage', '1:5d'],
        ['--arrivals', 'soon'],
        ['--hosts', '0'],
        ['--client-product', 'win9'],
      ]) {
        const { exitCode, stderr } = await runInProcess(['fleet', option!, value!]);
        expect(exitCode, stderr).to.equal(2);
        expect(stderr).to.include(option);
      }
      expect((await runInProcess(['fleet', '--outage', '3:1d-2d'])).exitCode).to.equal(2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
