import { expect } from 'chai';
import type { Answer } from 'dns-packet';
import type { LabHost, LabHostOptions } from '../harness/lab-host';
import type { ProfileName } from '../harness/model/profile';
import { a, aaaa, cname, srv, startTestDns } from '../harness/testing/dns-server';
import type { TestDnsOptions, TestDnsServer } from '../harness/testing/dns-server';
import { startRelay } from '../harness/testing/relay';
import type { Result } from '../reports/results/result';
import { messageProblems } from './testing/message-rules';
import { type DnsSetting, runDnsSuite } from './testing/dns-run';
import { startFilledHost } from '../harness/testing/filled-host';

const DOMAIN = 'corp.example';

interface DnsRun extends DnsSetting {
  readonly records: readonly Answer[];
  readonly behaviour?: TestDnsOptions['behaviour'];
}

describe('the DNS suite', () => {
  let dns: TestDnsServer | undefined;
  const hosts: LabHost[] = [];
  afterEach(async () => {
    await dns?.close();
    dns = undefined;
    await Promise.all(hosts.splice(0).map((host) => host.close()));
  });

  const hostWith = async (machines: number, options: LabHostOptions = {}): Promise<LabHost> => {
    const host = await startFilledHost(machines, options);
    hosts.push(host);
    return host;
  };

  /** Runs the suite against a host of its own, with the domain as configured. */
  const runDns = async (
    { records, behaviour, ...setting }: DnsRun,
    ...ids: string[]
  ): Promise<Map<string, Result>> => {
    dns = await startTestDns({ records, ...(behaviour && { behaviour }) });
    const words = ids.length > 0 ? ids : ['DNS'];
    const results = await runDnsSuite({ ...setting, domains: [DOMAIN], dns: dns.address }, words);
    for (const { id, outcome, message = '' } of results.values()) {
      if (outcome === 'failed') expect(messageProblems(message.replace(dns.address, 'DNS')), id).to.be.empty;
    }
    return results;
  };
  const outcomes = (results: Map<string, Result>) =>
    Object.fromEntries([...results].map(([id, { outcome }]) => [id, outcome]));

  it('passes for two good hosts, and holds what it cannot check for inconclusive', async () => {
    const [one, two] = [await hostWith(30), await hostWith(6)];
    const records = [
      srv(DOMAIN, 'kms01.corp.example', one.port, 0, 100),
      srv(DOMAIN, 'kms02.corp.example', two.port, 10),
      a('kms01.corp.example', '127.0.0.1'),
      a('kms02.corp.example', '127.0.0.1'),
    ];
    expect(
      outcomes(await runDns({ records, expectedHosts: ['kms01.corp.example', 'kms02.corp.example'] })),
    ).to.deep.equal({
      'DNS-01': 'passed',
      'DNS-02': 'passed',
      'DNS-03': 'passed',
      'DNS-04': 'passed',
      'DNS-05': 'passed',
      'DNS-06': 'passed',
      'DNS-07': 'passed',
      'DNS-08': 'inconclusive',
      'DNS-09': 'passed',
      'DNS-10': 'passed',
    });
    await dns!.close();
    expect(outcomes(await runDns({ records }, 'DNS-05'))).to.deep.equal({ 'DNS-05': 'inconclusive' });
  });

  it('is untestable without a domain', async () => {
    const results = [...(await runDnsSuite({}, ['DNS'])).values()];
    expect(new Set(results.map(({ outcome }) => outcome))).to.deep.equal(new Set(['untestable']));
  });

  it('DNS-01 misses records', async () => {
    expect(outcomes(await runDns({ records: [] }, 'DNS-01', 'DNS-04'))).to.deep.equal({
      'DNS-01': 'failed',
      'DNS-04': 'inconclusive',
    });
  });

  it('DNS-02 and DNS-04 find a host that is down, DNS-06 that clients pass over it', async () => {
    const [up, down] = [await hostWith(6), await hostWith(0)];
    await down.close();
    const results = await runDns({
      records: [
        srv(DOMAIN, 'down.corp.example', down.port),
        srv(DOMAIN, 'up.corp.example', up.port, 10),
        a('down.corp.example', '127.0.0.1'),
        a('up.corp.example', '127.0.0.1'),
      ],
    });
    expect(outcomes(results)).to.include({
      'DNS-02': 'failed',
      'DNS-04': 'failed',
      'DNS-06': 'passed',
      'DNS-07': 'inconclusive',
    });
    expect(results.get('DNS-02')!.message).to.contain(`down.corp.example:${down.port}`);
    expect(results.get('DNS-06')!.notes!.join()).to.contain('clients pass over down.corp.example');
  });

  it('DNS-06 fails where no host serves', async () => {
    const down = await hostWith(0);
    await down.close();
    const refusing = await hostWith(0, { keyGroup: 'office2010' });
    const records = [
      srv(DOMAIN, 'down.corp.example', down.port),
      srv(DOMAIN, 'office.corp.example', refusing.port),
      a('down.corp.example', '127.0.0.1'),
      a('office.corp.example', '127.0.0.1'),
    ];
    expect(outcomes(await runDns({ records }, 'DNS-02', 'DNS-04', 'DNS-06'))).to.deep.equal({
      'DNS-02': 'failed',
      'DNS-04': 'failed',
      'DNS-06': 'failed',
    });
  });

  it('DNS-03 finds names that dangle', async () => {
    const results = await runDns({ records: [srv(DOMAIN, 'gone.corp.example', 1688)] }, 'DNS-03');
    expect(results.get('DNS-03')).to.include({ outcome: 'failed' });
    expect(results.get('DNS-03')!.message)
      .to.contain(`to ${dns!.address}; published names without address: expected none`)
      .and.to.contain('received [gone.corp.example]');
  });

  it('DNS-04 finds a rogue host, and tells of one below every threshold', async () => {
    const [real, rogue] = [await hostWith(30), await hostWith(2)];
    const records = [
      srv(DOMAIN, 'kms01.corp.example', real.port, 0, 100),
      srv(DOMAIN, 'desktop7.corp.example', rogue.port),
      a('kms01.corp.example', '127.0.0.1'),
      a('desktop7.corp.example', '127.0.0.1'),
    ];
    const results = await runDns({ records, expectedHosts: ['kms01.corp.example'] }, 'DNS-04', 'DNS-05');
    expect(results.get('DNS-04')!.outcome).to.equal('failed');
    expect(results.get('DNS-04')!.message).to.contain('desktop7.corp.example');
    // A weight of 100 beside one of 0 is the remedy of licensing-mistakes.
    expect(results.get('DNS-05')!.outcome).to.equal('passed');
    await dns!.close();
    const told = await runDns({ records }, 'DNS-04');
    expect(told.get('DNS-04')!.outcome).to.equal('passed');
    expect(told.get('DNS-04')!.notes!.join())
      .to.contain('desktop7')
      .and.to.contain('counts 3, below every threshold');
  });

  it('DNS-05 finds a rogue host in front, and beside where the profile heeds no priority', async () => {
    const order = (priority: number, weight: number) => [
      srv(DOMAIN, 'kms01.corp.example', 1688, 5, 10),
      srv(DOMAIN, 'desktop7.corp.example', 1688, priority, weight),
    ];
    const outcome = async (priority: number, weight: number, profile: ProfileName = 'win7-2008r2') => {
      const results = await runDns(
        { records: order(priority, weight), expectedHosts: ['kms01.corp.example'], profile },
        'DNS-05',
      );
      await dns!.close();
      return results.get('DNS-05')!.outcome;
    };
    expect(await outcome(0, 0)).to.equal('failed');
    expect(await outcome(5, 1)).to.equal('failed');
    expect(await outcome(5, 0)).to.equal('passed');
    expect(await outcome(6, 99)).to.equal('passed');
    expect(await outcome(6, 99, 'vista-2008')).to.equal('failed');
    dns = undefined;
  });

  it('DNS-07 finds one host behind two names that count together', async () => {
    // One host that listens at two addresses, as a load balancer makes of it, counts for both.
    const host = await hostWith(6);
    const relay = await startRelay(host.port);
    try {
      const records = [
        srv(DOMAIN, 'kms01.corp.example', host.port),
        srv(DOMAIN, 'kms02.corp.example', relay.port),
        a('kms01.corp.example', '127.0.0.1'),
        a('kms02.corp.example', '127.0.0.1'),
      ];
      const results = await runDns({ records }, 'DNS-07');
      expect(results.get('DNS-07')!.outcome).to.equal('failed');
      expect(results.get('DNS-07')!.message).to.contain('shows in the count of');
    } finally {
      await relay.close();
    }
  });

  it('DNS-08 asks each address of a name, through aliases and of expected hosts too', async () => {
    const host = await hostWith(6);
    const records = [
      srv(DOMAIN, 'kms01.corp.example', host.port),
      a('kms01.corp.example', '127.0.0.1'),
      cname('kms.corp.example', 'kms01.corp.example'),
    ];
    const expectedHosts = ['kms01.corp.example', `kms.corp.example:${host.port}`];
    expect(outcomes(await runDns({ records, expectedHosts }, 'DNS-08'))).to.deep.equal({
      'DNS-08': 'passed',
    });
    await dns!.close();
    const two = [...records, aaaa('kms01.corp.example', '::1')];
    const results = await runDns({ records: two }, 'DNS-08');
    expect(results.get('DNS-08')!.outcome).to.equal('failed');
    expect(results.get('DNS-08')!.message).to.contain('::1');
  });

  it('DNS-10 finds an SRV record that names an alias', async () => {
    const host = await hostWith(6);
    const records = [
      srv(DOMAIN, 'kms.corp.example', host.port),
      cname('kms.corp.example', 'kms01.corp.example'),
      a('kms01.corp.example', '127.0.0.1'),
    ];
    const results = await runDns({ records }, 'DNS-10');
    expect(results.get('DNS-10')!.outcome).to.equal('failed');
    expect(results.get('DNS-10')!.message).to.contain('kms.corp.example (an alias of kms01.corp.example)');
  });

  it('DNS-09 finds public addresses, and asks nobody that is not on this machine', async () => {
    const records = [srv(DOMAIN, 'kms01.corp.example', 1688), a('kms01.corp.example', '8.8.8.8')];
    const results = await runDns({ records }, 'DNS-04', 'DNS-09');
    expect(results.get('DNS-09')!.outcome).to.equal('failed');
    expect(results.get('DNS-09')!.message).to.contain('kms01.corp.example (8.8.8.8)');
    expect(results.get('DNS-04')).to.include({ outcome: 'inconclusive' });
    expect(results.get('DNS-04')!.reason).to.contain('--allow-remote');
  });

  it('holds a DNS server that fails for inconclusive, never for a verdict on the domain', async () => {
    const results = await runDns({ records: [], behaviour: () => 'servfail' });
    expect([...new Set(Object.values(outcomes(results)))].sort()).to.deep.equal(['inconclusive']);
    expect(results.get('DNS-01')!.reason).to.contain('server-failure');
  });
});
