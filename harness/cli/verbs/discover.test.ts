import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReport } from '../../../reports/results/model';
import { type LabHost, startLabHost } from '../../lab-host';
import { a, srv, startTestDns, type TestDnsServer } from '../../testing/dns-server';
import { runInProcess } from '../testing/in-process';

const DOMAIN = 'corp.example';

describe('kmsspec discover', () => {
  let host: LabHost;
  let dns: TestDnsServer | undefined;
  before(async () => (host = await startLabHost()));
  after(() => host.close());
  afterEach(async () => {
    await dns?.close();
    dns = undefined;
  });
  const zone = async (...records: Parameters<typeof startTestDns>[0]['records']): Promise<void> => {
    dns = await startTestDns({ records });
  };
  const discover = (...argv: string[]) => runInProcess(['discover', DOMAIN, '--dns', dns!.address, ...argv]);

  it('prints a table, and exits with 0 where each host is as it should be', async () => {
    await zone(srv(DOMAIN, 'kms01.corp.example', host.port), a('kms01.corp.example', '127.0.0.1'));
    const { exitCode, stdout, stderr } = await discover('--expect', 'kms01.corp.example');
    expect({ exitCode, stderr }).to.deep.equal({ exitCode: 0, stderr: '' });
    expect(stdout).to.match(/^corp\.example, asked of 127\.0\.0\.1:\d+: 1 published host\n {2}verdict/);
    expect(stdout).to.match(/^ {2}right +0 +0 +kms01\.corp\.example:\d+ +127\.0\.0\.1 +1 +\d+\.\d$/m);
    expect(stdout).to.match(/passed: 1 host, as it should be\n$/);
  });

  it('sends nothing to a remote host without permission, and is inconclusive', async () => {
    await zone(srv(DOMAIN, 'kms01.corp.example', 1688), a('kms01.corp.example', '192.0.2.1'));
    const { exitCode, stdout } = await discover('--json', '-');
    expect(exitCode).to.equal(4);
    const report = parseReport(stdout);
    expect(report.discovery!.domains[0]!.hosts[0]!.verdicts).to.deep.equal(['not-probed']);
    expect(report.results[0]!.reason).to.contain('--allow-remote');
  });

  it('only looks with --no-probe', async () => {
    await zone(srv(DOMAIN, 'kms01.corp.example', host.port), a('kms01.corp.example', '127.0.0.1'));
    const { exitCode, stdout } = await discover('--no-probe');
    expect(exitCode).to.equal(0);
    expect(stdout).to.match(/^ {2}not-probed .* - +-$/m);
  });

  it('exits with 1 where nothing is published, with 3 where nothing answers', async () => {
    await zone();
    const nothing = await discover();
    expect(nothing.exitCode).to.equal(1);
    expect(nothing.stdout).to.contain('no SRV record _vlmcs._tcp.corp.example');
    await dns!.close();
    const unreachable = await discover();
    expect(unreachable.exitCode).to.equal(3);
    expect(unreachable.stderr)
      .to.contain('DNS SRV _vlmcs._tcp.corp.example')
      .and.to.not.contain('unexpected');
    await zone(srv(DOMAIN, 'gone.corp.example', 1688));
    expect((await discover()).exitCode).to.equal(3);
  });

  it('lets SHOULD decide where it is told to', async () => {
    await zone(srv(DOMAIN, 'kms01.corp.example', 1688), a('kms01.corp.example', '8.8.8.8'));
    expect((await discover('--no-probe')).exitCode).to.equal(0);
    const { exitCode, stdout } = await discover('--no-probe', '--fail-on', 'MUST,SHOULD');
    expect(exitCode).to.equal(1);
    expect(stdout).to.contain('8.8.8.8 can be reached from the Internet');
  });

  it('wants a domain, and a server that is one', async () => {
    await zone();
    expect((await runInProcess(['discover'])).exitCode).to.equal(2);
    const { exitCode, stderr } = await runInProcess(['discover', DOMAIN, '--dns', 'dns.example']);
    expect(exitCode).to.equal(2);
    expect(stderr).to.contain('--dns dns.example');
  });

  it('serves any verb with --target .DOMAIN', async () => {
    await zone(srv(DOMAIN, 'kms01.corp.example', host.port), a('kms01.corp.example', '127.0.0.1'));
    const target = ['--target', `.${DOMAIN}`, '--dns', dns!.address];
    const found = await runInProcess(['stream', 'server*2', ...target, '--json', '-']);
    expect(parseReport(found.stdout).target.address).to.equal(`127.0.0.1:${host.port}`);
    await dns!.close();
    await zone(srv(DOMAIN, 'kms01.corp.example', 1688), a('kms01.corp.example', '192.0.2.1'));
    const remote = await runInProcess([
      'stream',
      'server*2',
      '--target',
      `.${DOMAIN}`,
      '--dns',
      dns!.address,
    ]);
    expect(remote.exitCode).to.equal(2);
    expect(remote.stderr).to.contain('--allow-remote');
  });

  it('judges what it can where a part fails, writes its report, and says which server failed for what', async () => {
    dns = await startTestDns({
      records: [
        srv(DOMAIN, 'kms01.corp.example', host.port),
        srv(DOMAIN, 'kms02.corp.example', host.port),
        a('kms01.corp.example', '127.0.0.1'),
      ],
      behaviour: (name, type) => (name.startsWith('kms02') && type !== 'SRV' ? 'servfail' : 'answer'),
    });
    const { exitCode, stdout } = await discover('--json', '-', '--expect', 'kms01,kms02');
    expect(exitCode).to.equal(1);
    const [domain] = parseReport(stdout).discovery!.domains;
    expect(domain!.hosts.map(({ name, verdicts }) => [name, ...verdicts])).to.deep.equal([
      ['kms01.corp.example', 'right'],
      ['kms02.corp.example', 'cannot-resolve'],
    ]);
    expect(domain!.hosts[1]!.message).to.contain(`DNS A kms02.corp.example, asked of ${dns.address}`);
  });

  it('judges every domain, though one of them cannot be looked up', async () => {
    dns = await startTestDns({
      records: [srv(DOMAIN, 'kms01.corp.example', host.port), a('kms01.corp.example', '127.0.0.1')],
      behaviour: (name) => (name.endsWith('other.example') ? 'refused' : 'answer'),
    });
    const { exitCode, stdout, stderr } = await discover('other.example', '--expect', 'kms01', '--json', '-');
    expect(exitCode).to.equal(3);
    expect(
      parseReport(stdout).discovery!.domains.map(({ domain, verdict }) => [domain, verdict]),
    ).to.deep.equal([
      [DOMAIN, 'published'],
      ['other.example', 'cannot-resolve'],
    ]);
    expect(stderr).to.match(/^kmsspec: DNS SRV _vlmcs\._tcp\.other\.example, asked of .* \(refused\)$/m);
  });

  it('reads a domain as people write it, and refuses what is none with the remedy', async () => {
    await zone(srv(DOMAIN, 'kms01.corp.example', host.port), a('kms01.corp.example', '127.0.0.1'));
    const of = (domain: string) => runInProcess(['discover', domain, '--dns', dns!.address, '--no-probe']);
    for (const name of [`_vlmcs._tcp.${DOMAIN}`, `.${DOMAIN}`, `${DOMAIN}.`, DOMAIN.toUpperCase()]) {
      expect(await of(name), name).to.include({ exitCode: 0 });
    }
    for (const wrong of [
      '',
      '10.0.0.1',
      '::1',
      'http://corp.example',
      'corp..example',
      'corp.example:1688',
      '_vlmcs._tcp',
    ]) {
      const { exitCode, stderr } = await of(wrong);
      expect(exitCode, wrong).to.equal(2);
      expect(stderr, wrong).to.contain('such as corp.example');
    }
  });

  it('knows which domain an expected host is of, from the configuration', async () => {
    await zone(srv(DOMAIN, 'kms01.corp.example', host.port), a('kms01.corp.example', '127.0.0.1'));
    const folder = mkdtempSync(join(tmpdir(), 'kmsspec-discover-'));
    try {
      const run = async (expectedHosts: unknown) => {
        const file = join(folder, 'config.json');
        writeFileSync(file, JSON.stringify({ domains: [DOMAIN], dns: dns!.address, expectedHosts }));
        return runInProcess(['discover', '--config', file]);
      };
      const here = { host: 'kms01', domain: DOMAIN };
      expect((await run([here, { host: 'kms02', domain: 'other.example' }])).exitCode).to.equal(0);
      expect((await run([here, { host: 'kms02', domain: DOMAIN }])).exitCode).to.equal(1);
      expect((await run([{ host: 'kms02' }])).exitCode).to.equal(2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
