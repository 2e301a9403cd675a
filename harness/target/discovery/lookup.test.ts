import { expect } from 'chai';
import { UsageError } from '../../support/usage-error';
import { a, aaaa, cname, dname, srv, startTestDns, type TestDnsServer } from '../../testing/dns-server';
import type { Failed } from './dns/outcome';
import { dnsLookup, parseDnsServer } from './lookup';
import { lookUpDomain, type PublishedDomain } from './published-hosts';

/** A name that is no alias, with lookups that all went well. */
const PLAIN = { alias: null, aliases: [], failures: [] };

describe('looking up a domain', () => {
  let server: TestDnsServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });
  const lookup = (timeoutMs = 200) => dnsLookup({ server: server!.address, timeoutMs });
  const corp = (timeoutMs?: number) => lookUpDomain('corp.example', lookup(timeoutMs));
  const failureOf = ({ srv }: PublishedDomain): Failed => {
    if (srv.kind !== 'failed') throw new Error(`it came to ${srv.kind}`);
    return srv.failure;
  };

  it('asks for the addresses of many hosts at once without a warning of Node', async () => {
    const names = Array.from({ length: 12 }, (_, i) => `kms${i}.corp.example`);
    server = await startTestDns({
      records: names.flatMap((name) => [srv('corp.example', name, 1688), a(name, '192.0.2.1')]),
    });
    const warnings: Error[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on('warning', note);
    const { signal } = new AbortController();
    const published = await lookUpDomain(
      'corp.example',
      dnsLookup({ server: server.address, timeoutMs: 20_000, signal }),
    );
    // Warnings are told in a later turn.
    await new Promise((resolve) => void setImmediate(resolve));
    process.off('warning', note);
    expect(published.hosts).to.have.length(12);
    expect(warnings).to.deep.equal([]);
  });

  it('finds records with their addresses of both families, in rank', async () => {
    server = await startTestDns({
      records: [
        srv('corp.example', 'late.corp.example', 1688, 10, 0),
        srv('corp.example', 'light.corp.example', 1689, 0, 1),
        srv('corp.example', 'heavy.corp.example', 1688, 0, 100),
        a('late.corp.example', '192.0.2.3'),
        a('light.corp.example', '192.0.2.2'),
        a('heavy.corp.example', '192.0.2.1'),
        aaaa('heavy.corp.example', '2001:db8::1'),
      ],
    });
    const published = await lookUpDomain('corp.example.', lookup());
    expect(published).to.deep.equal({
      domain: 'corp.example',
      server: server.address,
      srv: { kind: 'found' },
      hosts: [
        {
          target: 'heavy.corp.example',
          port: 1688,
          priority: 0,
          weight: 100,
          addresses: ['192.0.2.1', '2001:db8::1'],
          ...PLAIN,
        },
        {
          target: 'light.corp.example',
          port: 1689,
          priority: 0,
          weight: 1,
          addresses: ['192.0.2.2'],
          ...PLAIN,
        },
        {
          target: 'late.corp.example',
          port: 1688,
          priority: 10,
          weight: 0,
          addresses: ['192.0.2.3'],
          ...PLAIN,
        },
      ],
      warnings: [],
    });
  });

  it('follows an alias, and says that RFC 2782 does not want one', async () => {
    server = await startTestDns({
      records: [
        srv('corp.example', 'kms.corp.example', 1688),
        cname('kms.corp.example', 'real.corp.example'),
        a('real.corp.example', '127.0.0.1'),
      ],
    });
    const { hosts, warnings } = await lookUpDomain('corp.example', lookup());
    expect(hosts[0]).to.include({ target: 'kms.corp.example', alias: 'real.corp.example' });
    expect(hosts[0]!.addresses).to.deep.equal(['127.0.0.1']);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(/^kms\.corp\.example is an alias of real\.corp\.example/);
  });

  it('keeps a record whose name dangles', async () => {
    server = await startTestDns({ records: [srv('corp.example', 'gone.corp.example', 1688)] });
    const { hosts } = await lookUpDomain('corp.example', lookup());
    expect(hosts).to.have.length(1);
    expect(hosts[0]!.addresses).to.deep.equal([]);
  });

  for (const [what, empty] of [
    ['no such name', []],
    ['a name without such records', ['_vlmcs._tcp.corp.example']],
  ] as const) {
    it(`gives no host and a warning for ${what}`, async () => {
      server = await startTestDns({ records: [], empty });
      const { hosts, warnings } = await lookUpDomain('corp.example', lookup());
      expect(hosts).to.deep.equal([]);
      expect(warnings).to.deep.equal([
        'no SRV record _vlmcs._tcp.corp.example: clients find no host by themselves',
      ]);
    });
  }

  it('understands a record that says "no such service", alone and beside others', async () => {
    server = await startTestDns({ records: [srv('corp.example', '.', 0)] });
    const alone = await corp();
    expect(alone.srv).to.deep.equal({ kind: 'not-available' });
    expect(alone.warnings[0]).to.contain('there is no such service');
    await server.close();
    server = await startTestDns({
      records: [srv('corp.example', '.', 0), srv('corp.example', 'kms.corp.example', 1688)],
    });
    const beside = await corp();
    expect(beside.srv).to.deep.equal({ kind: 'found' });
    expect(beside.hosts).to.have.length(1);
    expect(beside.warnings[0]).to.contain('beside records of hosts');
  });

  it('lists what is published twice once, and says so', async () => {
    server = await startTestDns({
      records: [
        srv('corp.example', 'kms.corp.example', 1688, 10),
        srv('corp.example', 'KMS.corp.example', 1688, 0, 5),
        srv('corp.example', 'kms.corp.example', 1688, 10),
        srv('corp.example', 'kms.corp.example', 1689),
        a('kms.corp.example', '127.0.0.1'),
      ],
    });
    const { hosts, warnings } = await corp();
    expect(hosts.map(({ port, priority }) => [port, priority])).to.deep.equal([
      [1688, 0],
      [1689, 0],
    ]);
    expect(warnings).to.deep.equal([
      'kms.corp.example:1688 is published 3 times (priority 0 weight 5, priority 10 weight 0), and is listed once',
    ]);
  });

  it('follows aliases of the service, by CNAME and DNAME, and says so', async () => {
    const target = [srv('group.example', 'kms.group.example', 1688), a('kms.group.example', '127.0.0.1')];
    for (const above of [
      cname('_vlmcs._tcp.corp.example', '_vlmcs._tcp.group.example'),
      dname('corp.example', 'group.example'),
    ]) {
      server = await startTestDns({ records: [above, ...target] });
      const { hosts, warnings } = await corp();
      expect(hosts.map(({ target: name }) => name)).to.deep.equal(['kms.group.example']);
      expect(warnings).to.deep.equal(['_vlmcs._tcp.corp.example is an alias of _vlmcs._tcp.group.example']);
      await server.close();
    }
  });

  it('asks on where an alias leads out of the answer, within limits', async () => {
    const chain = (length: number) =>
      Array.from({ length }, (_, i) =>
        cname(i === 0 ? '_vlmcs._tcp.corp.example' : `a${i}.example`, `a${i + 1}.example`),
      );
    const end = (length: number) => ({ ...srv('x', 'kms.example', 1688), name: `a${length}.example` });
    // One alias an answer: each is a question of its own.
    const alone = (length: number) =>
      startTestDns({
        records: [],
        zone: () => ({ records: [...chain(length), end(length)], behaviour: () => 'one-alias' }),
      });
    server = await alone(8);
    expect((await corp()).hosts).to.have.length(1);
    expect(server.asked.filter((what) => what.startsWith('udp SRV'))).to.have.length(9);
    await server.close();
    server = await alone(9);
    expect(failureOf(await corp())).to.include({ how: 'alias-loop' });
  });

  for (const [what, records] of [
    ['itself', [cname('_vlmcs._tcp.corp.example', '_vlmcs._tcp.corp.example')]],
    [
      'back',
      [cname('_vlmcs._tcp.corp.example', 'b.example'), cname('b.example', '_vlmcs._tcp.corp.example')],
    ],
  ] as const) {
    it(`ends where an alias leads to ${what}`, async () => {
      for (const behaviour of ['answer', 'one-alias'] as const) {
        server = await startTestDns({ records, behaviour: () => behaviour });
        expect(failureOf(await corp()), behaviour).to.include({ how: 'alias-loop' });
        await server.close();
      }
    });
  }

  it('takes no record of another owner', async () => {
    const records = [srv('corp.example', 'kms.corp.example', 1688), a('kms.corp.example', '127.0.0.1')];
    server = await startTestDns({
      records,
      behaviour: (_, type) => (type === 'SRV' ? 'beside-foreign' : 'answer'),
    });
    const { hosts, warnings } = await corp();
    expect(hosts).to.have.length(1);
    expect(warnings).to.deep.equal(['1 SRV records of other names stand in the answer, and are not taken']);
  });

  it('asks over TCP where the answer was cut', async () => {
    const names = Array.from({ length: 60 }, (_, i) => `kms-with-a-long-name-${i}.corp.example`);
    server = await startTestDns({
      records: names.flatMap((name, i) => [srv('corp.example', name, 1688, i), a(name, '127.0.0.1')]),
      behaviour: (_, type) => (type === 'SRV' ? 'truncate' : 'answer'),
    });
    const { hosts } = await lookUpDomain('corp.example', lookup());
    expect(hosts.map(({ target }) => target)).to.deep.equal(names);
    expect(server.asked).to.include('tcp SRV _vlmcs._tcp.corp.example');
  });

  it('reads addresses of servers in every form', () => {
    expect(parseDnsServer('127.0.0.1')).to.deep.equal({ host: '127.0.0.1', port: 53 });
    expect(parseDnsServer('127.0.0.1:5353')).to.deep.equal({ host: '127.0.0.1', port: 5353 });
    expect(parseDnsServer('::1')).to.deep.equal({ host: '::1', port: 53 });
    expect(parseDnsServer('[::1]:5353')).to.deep.equal({ host: '::1', port: 5353 });
    expect(parseDnsServer('[::1]')).to.deep.equal({ host: '::1', port: 53 });
  });

  it('wants an address for a server', () => {
    for (const wrong of [
      'dns.example',
      '127.0.0.1:99999',
      '127.0.0.1:0',
      '127.0.0.1:',
      '',
      '1.2.3',
      '[127.0.0.1',
      '::1]:53',
    ]) {
      expect(() => dnsLookup({ server: wrong }), wrong).to.throw(UsageError, '--dns');
    }
  });
});
