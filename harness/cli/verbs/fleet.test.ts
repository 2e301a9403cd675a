import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReport } from '../../../reports/results/model';
import { type LabHost, startLabHost } from '../../lab-host';
import { startControlServer } from '../../lab-host/control';
import { PROFILES } from '../../model/profile';
import { packageRoot } from '../../support/package-root';
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
    expect(stdout)
      .to.include('# licensed')
      .and.match(/\|[▁▂▃▄▅▆▇█ ]+\n +requests an hour, █ is \d/);
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

  it('is no pass where the host refuses what it is to grant, nor where nobody told what that is', async () => {
    const host = await startLabHost({ keyGroup: 'vista' });
    const folder = mkdtempSync(join(tmpdir(), 'kmsspec-fleet-'));
    try {
      const config = join(folder, 'kmsspec.yaml');
      writeFileSync(
        config,
        `target: 127.0.0.1:${host.port}\ncontrols: { reset: ["true"], advanceClock: ["echo", "{seconds}"] }\n`,
      );
      const fleet = ['fleet', '--config', config, '--clients', '5', '--days', '1', '--keep'];
      const unknown = await runInProcess(fleet);
      expect(unknown.exitCode).to.equal(4);
      expect(unknown.stdout).to.match(/(\d+) of \1 requests were refused with 0xC004F042.*--key-group/);
      const wrong = await runInProcess([...fleet, '--key-group', 'r2-c']);
      expect(wrong.exitCode).to.equal(1);
      expect(wrong.stdout).to.match(/received 0xC004F042 .*, and win7 is to be granted/);
      const right = await runInProcess([...fleet, '--key-group', 'vista']);
      expect(right.exitCode, right.stdout).to.equal(0);
    } finally {
      rmSync(folder, { recursive: true });
      await host.close();
    }
  });

  for (const via of ['lab', 'model'])
    it(`gives the ${via} host the key group`, async () => {
      const fleet = [
        'fleet',
        '--via',
        via,
        '--clients',
        '30',
        '--arrivals',
        '1h',
        '--days',
        '1',
        '--seed',
        '1',
      ];
      const refused = await runInProcess([...fleet, '--key-group', 'vista']);
      expect(refused.exitCode, refused.stdout).to.equal(0);
      expect(refused.stdout)
        .to.match(/^0 of 30 activated/m)
        .and.match(/^the model expects: 0 of 30/m);
      const granted = await runInProcess([...fleet, '--key-group', 'win7', '--verbose']);
      expect(granted.stdout).to.match(/^30 of 30 activated/m);
      expect(granted.stdout).to.match(
        /^client 30 {2}asked after \S+( \d+s)?, activated after .*, in the end licensed$/m,
      );
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
      writeFileSync(
        plan,
        'groups: [{ name: a, product: win7, count: 3 }]\nhosts: [{ outages: [{ fromHour: 9, toHour: 5 }] }]\n',
      );
      const backwards = await runInProcess(['fleet', '--plan', plan]);
      expect(backwards.exitCode).to.equal(2);
      expect(backwards.stderr).to.include('an outage from hour 9');
      const both = await runInProcess(['fleet', '--plan', plan, '--client-product', 'vista']);
      expect(both.exitCode).to.equal(2);
      expect(both.stderr).to.include('leave out --client-product');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
