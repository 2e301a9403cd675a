import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LabHost, startLabHost } from '../../lab-host';
import { a, type Behaviour, srv, startTestDns, type TestDnsServer } from '../../testing/dns-server';
import { runInProcess } from '../testing/in-process';

describe('kmsspec probe --domain', () => {
  let host: LabHost | undefined;
  let dns: TestDnsServer | undefined;
  afterEach(async () => {
    await host?.close();
    await dns?.close();
    host = dns = undefined;
  });
  const start = async (): Promise<string> => {
    host = await startLabHost();
    return `127.0.0.1:${host.port}`;
  };
  const probe = (...argv: string[]) => runInProcess(['probe', ...argv]);
  const others: LabHost[] = [];
  afterEach(() => Promise.all(others.splice(0).map((one) => one.close())));
  const zone = async (...records: Parameters<typeof startTestDns>[0]['records']): Promise<void> => {
    dns = await startTestDns({ records });
  };
  const of = (...argv: string[]) =>
    probe('--domain', 'corp.example', '--dns', dns!.address, '--min-count', '1', ...argv);
  const both = async (): Promise<LabHost> => {
    await start();
    const other = await startLabHost({});
    others.push(other);
    await zone(
      srv('corp.example', 'kms01.corp.example', host!.port),
      srv('corp.example', 'kms02.corp.example', other.port),
      a('kms01.corp.example', '127.0.0.1'),
      a('kms02.corp.example', '127.0.0.1'),
    );
    return other;
  };

  it('asks every host, and warns where one is down', async () => {
    const other = await both();
    expect(await of()).to.include({ exitCode: 0, stderr: '' });
    await other.close();
    const told = await of();
    expect(told.exitCode).to.equal(1);
    expect(told.stdout)
      .to.contain(`kms01.corp.example:${host!.port}: ok, counts 1`)
      .and.to.contain(`kms02.corp.example:${other.port}: warning, not reachable`);
    expect((await of('--format', 'nagios')).exitCode).to.equal(1);
    await host!.close();
    expect((await of()).exitCode).to.equal(3);
    expect((await of('--format', 'nagios')).exitCode).to.equal(2);
  });

  it('asks hosts that are expected and not published', async () => {
    await start();
    await zone(a('kms09.corp.example', '127.0.0.1'));
    const told = await of('--expect', `kms09:${host!.port}`, '--format', 'json');
    const { state, hosts } = JSON.parse(told.stdout) as { state: string; hosts: object[] };
    expect(state).to.equal('critical');
    expect(hosts).to.have.length(1);
    expect(hosts[0]).to.include({ host: `kms09.corp.example:${host!.port}`, role: 'expected', count: 1 });
  });

  it('tells what was measured of the target whatever DNS does', async () => {
    const target = await start();
    dns = await startTestDns({ records: [], behaviour: () => 'servfail' });
    const told = await of('--target', target);
    expect(told.exitCode).to.equal(1);
    expect(told.stdout).to.contain(`${target}: ok, counts 1`).and.to.contain('server-failure');
    await host!.close();
    expect((await of('--target', target, '--format', 'nagios')).exitCode).to.equal(2);
  });

  it('takes a target that is published under a name for the same host', async () => {
    const target = await start();
    await zone(srv('corp.example', 'kms01.corp.example', host!.port), a('kms01.corp.example', '127.0.0.1'));
    for (const name of [target, `kms01.corp.example:${host!.port}`, `KMS01:${host!.port}`]) {
      const told = await of('--target', name, '--format', 'json');
      expect(told.exitCode, told.stdout + told.stderr).to.equal(0);
      const { hosts, records } = JSON.parse(told.stdout) as { hosts: object[]; records: object };
      expect(hosts, name).to.have.length(1);
      expect(records, name).to.deep.include({ missing: 0, stray: 0 });
    }
  });

  it('is never silent where a program reads it', async () => {
    dns = await startTestDns({ records: [], behaviour: () => 'silent' });
    for (const [format, words] of [
      ['prometheus', 'kms_probe_success{domain="corp.example",host=""} 0'],
      ['json', '"success": false'],
      ['prtg', '"error": 1'],
      ['nagios', 'KMS UNKNOWN - corp.example'],
    ] as const) {
      const told = await of('--format', format, '--timeout', '100');
      expect(told.exitCode, format).to.equal(3);
      expect(told.stdout, format)
        .to.contain(words)
        .and.to.contain(format === 'prometheus' ? '' : 'timed-out');
    }
  });

  it('writes a file aside, and names in it what could not be probed', async () => {
    const target = await start();
    const folder = mkdtempSync(join(tmpdir(), 'kmsspec-output-'));
    const file = join(folder, 'kms.prom');
    try {
      const argv = ['--target', target, '--min-count', '1', '--format', 'prometheus', '--output', file];
      expect(await probe(...argv)).to.deep.equal({ exitCode: 0, stdout: '', stderr: '' });
      expect(readFileSync(file, 'utf8')).to.contain(`kms_probe_success{domain="",host="${target}"} 1`);
      expect((await probe(...argv, '--mac-key', join(folder, 'none'))).exitCode).to.equal(2);
      expect(readFileSync(file, 'utf8')).to.contain('kms_probe_success{domain="",host=""} 0');
      expect((await probe('--target', '192.0.2.1', ...argv.slice(2))).exitCode).to.equal(2);
      expect(readFileSync(file, 'utf8')).to.contain('kms_probe_success{domain="",host="192.0.2.1"} 0');
      expect(readdirSync(folder)).to.deep.equal(['kms.prom']);
      expect((await probe(...argv.slice(0, -1), join(folder, 'no', 'kms.prom'))).exitCode).to.equal(2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('asks the host that a client would find where the domain is the target', async () => {
    const down = await startLabHost();
    await down.close();
    await start();
    let how: Behaviour = 'answer';
    const records = [
      srv('corp.example', 'kms01.corp.example', down.port),
      srv('corp.example', 'kms02.corp.example', host!.port, 10),
      a('kms01.corp.example', '127.0.0.1'),
      a('kms02.corp.example', '127.0.0.1'),
    ];
    dns = await startTestDns({ records, behaviour: () => how });
    const of = (domain: string, ...argv: string[]) =>
      probe('--target', domain, '--dns', dns!.address, '--min-count', '1', ...argv);
    const found = await of('.corp.example');
    expect(found.exitCode).to.equal(0);
    expect(found.stdout).to.match(/^\.corp\.example \(kms02\.corp\.example:\d+\): ok, counts 1/);
    // The label is the same whichever host is found.
    expect((await of('.corp.example', '--format', 'prometheus')).stdout).to.contain(
      'kms_probe_success{domain="corp.example",host=".corp.example"} 1',
    );
    expect((await of('.other.example', '--format', 'nagios')).exitCode).to.equal(2);
    how = 'servfail';
    const unknown = await of('.corp.example', '--format', 'nagios');
    expect(unknown.exitCode).to.equal(3);
    expect(unknown.stdout).to.contain('server-failure');
  });

  it('has one series for a host, however often it is named', async () => {
    await start();
    dns = await startTestDns({ records: [a('kms09.corp.example', '127.0.0.1')] });
    const names = [`kms09:${host!.port}`, `KMS09.corp.example.:${host!.port}`].join(',');
    const options = ['--domain', 'corp.example', '--dns', dns.address, '--expect', names];
    const told = await probe(...options, '--format', 'prometheus');
    expect(told.stdout.match(/^kms_probe_success\{.*host="kms09/gm)).to.have.length(1);
  });
});
