import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type LabHost, type LabHostOptions, startLabHost } from '../../lab-host';
import { a, srv, startTestDns, type TestDnsServer } from '../../testing/dns-server';
import { runInProcess } from '../testing/in-process';

describe('kmsspec probe', () => {
  let host: LabHost | undefined;
  let dns: TestDnsServer | undefined;
  afterEach(async () => {
    await host?.close();
    await dns?.close();
    host = dns = undefined;
  });
  const start = async (options: LabHostOptions = {}): Promise<string> => {
    host = await startLabHost(options);
    return `127.0.0.1:${host.port}`;
  };
  const probe = (...argv: string[]) => runInProcess(['probe', ...argv]);

  it('warns of a host that counts too few, and is content with what was asked for', async () => {
    const target = await start();
    const low = await probe('--target', target);
    expect(low).to.include({ exitCode: 1, stderr: '' });
    expect(low.stdout).to.match(
      /warning, counts 1, \d+\.\d ms\n {2}warning: counts 1, fewer than 5 \(low-count\)\n$/,
    );
    const well = await probe('--target', target, '--min-count', '1');
    expect(well).to.include({ exitCode: 0 });
    expect(well.stdout).to.contain(': ok, counts 1,');
  });

  it('uses the codes of Nagios in that format alone', async () => {
    const target = await start({ keyGroup: 'office2010' });
    const nagios = (...argv: string[]) => probe('--format', 'nagios', '--target', target, ...argv);
    const refused = await nagios();
    expect(refused.exitCode).to.equal(2);
    expect(refused.stdout).to.match(/^KMS CRITICAL - 127\.0\.0\.1:\d+ refuses with 0xC004F042 .* \| time=/);
    expect((await nagios('--product', 'office2010')).exitCode).to.equal(1);
    expect(await nagios('--product', 'office2010', '--min-count', '1')).to.include({ exitCode: 0 });
    expect((await probe('--target', target)).exitCode).to.equal(1);
    const unknown = await nagios('--warn-ms', '9000');
    expect(unknown).to.deep.include({ exitCode: 3, stderr: '' });
    expect(unknown.stdout).to.match(/^KMS UNKNOWN - --warn-ms/);
  });

  it('says unknown in the format of Nagios where the command line itself is wrong', async () => {
    for (const wrong of [
      ['--min-count', 'many'],
      ['--warn-ms=-1'],
      ['--cmid', 'x'],
      ['--mincount', '5'],
      ['--target'],
      ['surplus'],
    ]) {
      for (const format of [['--format', 'nagios'], ['--format=nagios']]) {
        const told = await probe(...format, ...wrong);
        expect(told.exitCode, wrong.join(' ')).to.equal(3);
        expect(told.stdout, wrong.join(' ')).to.match(/^KMS UNKNOWN - error: .*\n$/);
      }
      expect(await probe(...wrong), wrong.join(' ')).to.include({ exitCode: 2, stdout: '' });
    }
    expect(await probe('--format', 'nagiso')).to.include({ exitCode: 2, stdout: '' });
    expect(await probe('--format', 'nagios', '--help')).to.include({ exitCode: 0 });
  });

  it('says critical, or exits with 3, where nothing listens', async () => {
    const target = await start();
    await host!.close();
    expect((await probe('--target', target)).exitCode).to.equal(3);
    const nagios = await probe('--target', target, '--format', 'nagios');
    expect(nagios.exitCode).to.equal(2);
    expect(nagios.stdout).to.contain('refused the connection');
    const json = await probe('--target', target, '--format', 'json');
    expect(JSON.parse(json.stdout)).to.deep.include({ reachable: false, state: 'critical', count: null });
  });

  it('wants a target, and permission for a remote one', async () => {
    const none = await probe();
    expect(none).to.include({ exitCode: 2 });
    expect(none.stderr).to.contain('--target');
    const remote = await probe('--target', '192.0.2.1', '--format', 'nagios');
    expect(remote.exitCode).to.equal(3);
    expect(remote.stdout).to.contain('--allow-remote');
    expect((await probe('--target', '127.0.0.1:1', '--cmid', 'x')).exitCode).to.equal(2);
  });

  it('finds the host by the domain, and checks its records', async () => {
    await start();
    dns = await startTestDns({
      records: [
        srv('corp.example', 'kms01.corp.example', host!.port),
        a('kms01.corp.example', '127.0.0.1'),
        srv('corp.example', 'gone.corp.example', 1688),
      ],
    });
    const { exitCode, stdout } = await probe(
      '--domain',
      'corp.example',
      '--dns',
      dns.address,
      '--min-count',
      '1',
    );
    expect(exitCode).to.equal(1);
    expect(stdout).to.contain('stray-record').and.to.contain('gone.corp.example');
    const missing = await probe(
      '--target',
      `127.0.0.1:${host!.port}`,
      '--domain',
      'other.example',
      '--dns',
      dns.address,
      '--format',
      'nagios',
    );
    expect(missing.exitCode).to.equal(2);
    expect(missing.stdout).to.contain('no SRV record of other.example').and.to.contain('srv_missing=1');
  });

  it('asks several hosts in one call, and judges each by itself', async () => {
    const target = await start();
    const told = await probe(
      '--target',
      `${target},127.0.0.1:1`,
      '--min-count',
      '1',
      '--format',
      'prometheus',
    );
    expect(told.exitCode).to.equal(3);
    expect(told.stdout.match(/^# TYPE kms_probe_success /gm)).to.have.length(1);
    expect(told.stdout)
      .to.contain(`kms_probe_success{domain="",host="${target}"} 1`)
      .and.to.contain('kms_probe_success{domain="",host="127.0.0.1:1"} 0');
  });

  it('has ranges as Nagios has them', async () => {
    const target = await start();
    const nagios = (...argv: string[]) => probe('--target', target, '--format', 'nagios', ...argv);
    expect((await nagios('--warn-count', '10:', '--crit-count', '5:')).exitCode).to.equal(2);
    expect((await nagios('--warn-count', '10:', '--crit-count', '1:')).exitCode).to.equal(1);
    expect((await nagios('--warn-count', '~:10')).exitCode).to.equal(0);
    for (const wrong of [
      ['--warn-count', '20:10'],
      ['--crit-count', 'x'],
      ['--min-count', '1', '--warn-count', '1:'],
    ]) {
      expect((await nagios(...wrong)).exitCode, wrong.join(' ')).to.equal(3);
      expect((await probe('--target', target, ...wrong)).exitCode, wrong.join(' ')).to.equal(2);
    }
  });

  it('refuses a second target, and what is no domain', async () => {
    const twice = await probe('--target', '127.0.0.1:1', '--target', '127.0.0.1:2');
    expect(twice.exitCode).to.equal(2);
    expect(twice.stderr).to.contain('given twice');
    for (const wrong of ['10.0.0.1', 'http://corp.example', 'corp..example', '_vlmcs._tcp']) {
      expect((await probe('--domain', wrong)).exitCode, wrong).to.equal(2);
    }
    expect((await probe('--target', 'a,,b')).exitCode).to.equal(2);
  });

  it('stays one machine, however often it asks, where it can keep its CMID', async () => {
    const target = await start();
    const home = mkdtempSync(join(tmpdir(), 'kmsspec-home-'));
    try {
      const env = { XDG_STATE_HOME: home };
      const countOf = async (): Promise<number> => {
        const { stdout } = await runInProcess(['probe', '--target', target, '--format', 'json'], { env });
        return (JSON.parse(stdout) as { count: number }).count;
      };
      expect(await countOf()).to.equal(1);
      // As in a container whose name is another one now: what was kept counts.
      writeFileSync(join(home, 'kmsspec', 'probe-cmid'), '01234567-89ab-8cde-8f01-23456789abcd');
      expect([await countOf(), await countOf()]).to.deep.equal([2, 2]);
      dns = await startTestDns({
        records: [srv('corp.example', 'a.example', host!.port), a('a.example', '127.0.0.1')],
      });
      const discover = ['discover', 'corp.example', '--dns', dns.address, '--json', '-'];
      const { stdout } = await runInProcess(discover, { env });
      expect(stdout).to.contain('"count": 2');
      expect((await runInProcess([...discover, '--cmid', randomUUID()], { env })).stdout).to.contain(
        '"count": 3',
      );
    } finally {
      rmSync(home, { recursive: true });
    }
  });
});
