import { expect } from 'chai';
import { parseReport } from '../../../reports/results/model';
import { KmsClient } from '../../client';
import { readExposition } from '../../jobs/probe/testing/exposition';
import { readPluginOutput } from '../../jobs/probe/testing/plugin-output';
import { type LabHost, startLabHost } from '../../lab-host';
import { machineRequest } from '../../model/machine-request';
import { systemClock } from '../../support/clock';
import { Random } from '../../support/random';
import { a, type Behaviour, srv, startTestDns, type TestDnsServer } from '../../testing/dns-server';
import { runInProcess } from '../testing/in-process';

const DOMAIN = 'corp.example';

/** What each tool says at one step of the outage. */
interface Told {
  readonly discover: {
    readonly code: number;
    readonly verdicts: Record<string, string>;
    readonly text: string;
  };
  readonly nagios: { readonly code: number; readonly text: string };
  readonly success: Record<string, number>;
  readonly target: number;
}

describe('an outage: two hosts, one dies, DNS fails, the other dies, all come back', function () {
  this.timeout(60_000);
  const hosts = new Map<string, LabHost>();
  const ports = new Map<string, number>();
  let dns: TestDnsServer;
  let dnsIs: Behaviour = 'answer';

  const up = async (name: string): Promise<void> => {
    const port = ports.get(name);
    const host = await startLabHost(port === undefined ? {} : { port });
    hosts.set(name, host);
    ports.set(name, host.port);
    const client = new KmsClient({ endpoint: { host: host.address, port: host.port } });
    const random = new Random(host.port);
    for (let i = 0; i < 30; i++) {
      await client.activate(machineRequest({ product: 'win7', random, clock: systemClock }));
    }
    await client.close();
  };
  const down = (name: string): Promise<void> => hosts.get(name)!.close();

  before(async () => {
    for (const name of ['kms01', 'kms02']) await up(name);
    const records = [...ports].flatMap(([name, port]) => [
      srv(DOMAIN, `${name}.${DOMAIN}`, port),
      a(`${name}.${DOMAIN}`, '127.0.0.1'),
    ]);
    dns = await startTestDns({ records, behaviour: () => dnsIs });
  });
  after(async () => {
    await Promise.all([...hosts.values()].map((host) => host.close()));
    await dns.close();
  });

  /** The expected hosts by address, so that they can be asked whatever DNS does. */
  const expected = (): string => [...ports.values()].map((port) => `127.0.0.1:${port}`).join(',');
  const at = (name: string): string => `127.0.0.1:${ports.get(name)}`;
  const named = (name: string): string => `${name}.${DOMAIN}:${ports.get(name)}`;

  const look = async (): Promise<Told> => {
    const options = ['--dns', dns.address, '--expect', expected()];
    const text = await runInProcess(['discover', DOMAIN, ...options]);
    const json = await runInProcess(['discover', DOMAIN, ...options, '--json', '-']);
    expect(json.exitCode).to.equal(text.exitCode);
    const [domain] = parseReport(json.stdout).discovery!.domains;
    const probe = (format: string) =>
      runInProcess(['probe', '--domain', DOMAIN, ...options, '--format', format]);
    const nagios = await probe('nagios');
    readPluginOutput(nagios.stdout);
    const samples = readExposition((await probe('prometheus')).stdout);
    const load = ['load', '--rate', '1', '--duration', '1s', '--threads', '0', '--seed', '1'];
    const target = await runInProcess([...load, '--target', `.${DOMAIN}`, '--dns', dns.address]);
    return {
      discover: {
        code: text.exitCode,
        text: text.stdout,
        verdicts: Object.fromEntries(
          domain!.hosts.map(({ name, verdicts }) => [name.split('.')[0]!, verdicts.join()]),
        ),
      },
      nagios: { code: nagios.exitCode, text: nagios.stdout },
      success: Object.fromEntries(
        samples
          .filter(({ name }) => name === 'kms_probe_success')
          .map(({ labels, value }) => [labels['host']!, value]),
      ),
      target: target.exitCode,
    };
  };

  const allIsWell = ({ discover, nagios, success, target }: Told): void => {
    expect(discover).to.deep.include({ code: 0, verdicts: { kms01: 'right', kms02: 'right' } });
    expect(nagios.code, nagios.text).to.equal(0);
    expect(nagios.text).to.contain('KMS OK - corp.example: 2 of 2 hosts serve');
    expect(success).to.deep.equal({ [named('kms01')]: 1, [named('kms02')]: 1, '': 1 });
    expect(target).to.equal(0);
  };

  it('1: all is well', async () => allIsWell(await look()));

  it('2: one host dies: that one is told, the other is well, and clients are served', async () => {
    await down('kms02');
    const { discover, nagios, success, target } = await look();
    expect(discover).to.deep.include({ code: 1, verdicts: { kms01: 'right', kms02: 'unreachable' } });
    expect(nagios.code).to.equal(1);
    expect(nagios.text)
      .to.contain('1 of 2 hosts serve')
      .and.to.contain(`${named('kms01')} OK - counts 3`)
      .and.to.contain(`${named('kms02')} WARNING - refused the connection`);
    expect(success).to.deep.equal({ [named('kms01')]: 1, [named('kms02')]: 0, '': 0 });
    expect(target).to.equal(0);
  });

  it('3: DNS fails: that is told as what it is, and the hosts are still asked', async () => {
    dnsIs = 'servfail';
    const { discover, nagios, success, target } = await look();
    expect(discover).to.deep.include({ code: 3, verdicts: {} });
    expect(discover.text)
      .to.contain(`DNS SRV _vlmcs._tcp.${DOMAIN}, asked of ${dns.address}`)
      .and.to.contain('server-failure')
      .and.to.not.contain('no SRV record');
    expect(nagios.code).to.equal(1);
    expect(nagios.text)
      .to.contain('1 of 2 hosts serve')
      .and.to.contain(`${at('kms01')} OK - counts 3`)
      .and.to.contain(`${at('kms02')} WARNING - refused the connection`)
      .and.to.contain('server-failure');
    expect(success).to.deep.equal({ [at('kms01')]: 1, [at('kms02')]: 0, '': 0 });
    expect(target).to.equal(3);
  });

  it('4: the other host dies: an outage is critical, and not unknown, though DNS fails too', async () => {
    await down('kms01');
    const { discover, nagios, success, target } = await look();
    expect(discover.code).to.equal(3);
    expect(nagios.code).to.equal(2);
    expect(nagios.text)
      .to.contain('KMS CRITICAL')
      .and.to.contain('0 of 2 hosts serve')
      .and.to.contain('server-failure');
    expect(success).to.deep.equal({ [at('kms01')]: 0, [at('kms02')]: 0, '': 0 });
    expect(target).to.equal(3);
  });

  it('5: DNS comes back: both hosts are told to be down', async () => {
    dnsIs = 'answer';
    const { discover, nagios, success } = await look();
    expect(discover).to.deep.include({ code: 3, verdicts: { kms01: 'unreachable', kms02: 'unreachable' } });
    expect(nagios.code).to.equal(2);
    expect(nagios.text).to.not.contain('server-failure');
    expect(success).to.deep.equal({ [named('kms01')]: 0, [named('kms02')]: 0, '': 0 });
  });

  it('6: all come back, and all is well', async () => {
    for (const name of ['kms01', 'kms02']) await up(name);
    allIsWell(await look());
  });
});
