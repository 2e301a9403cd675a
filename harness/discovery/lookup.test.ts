import { expect } from 'chai';
import { UsageError } from '../usage-error';
import { a, aaaa, cname, srv, startTestDns, type TestDnsServer } from '../testing/dns-server';
import { DnsError } from './dns-error';
import { dnsLookup, parseDnsServer } from './lookup';
import { lookUpDomain } from './published-hosts';

describe('looking up a domain', () => {
  let server: TestDnsServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });
  const lookup = (timeoutMs = 200) => dnsLookup({ server: server!.address, timeoutMs });
  const failure = async (promise: Promise<unknown>): Promise<DnsError> => {
    try {
      await promise;
    } catch (error) {
      expect(error).to.be.instanceOf(DnsError);
      return error as DnsError;
    }
    throw new Error('it did not fail');
  };

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
      hosts: [
        {
          target: 'heavy.corp.example',
          port: 1688,
          priority: 0,
          weight: 100,
          addresses: ['192.0.2.1', '2001:db8::1'],
          alias: null,
        },
        {
          target: 'light.corp.example',
          port: 1689,
          priority: 0,
          weight: 1,
          addresses: ['192.0.2.2'],
          alias: null,
        },
        {
          target: 'late.corp.example',
          port: 1688,
          priority: 10,
          weight: 0,
          addresses: ['192.0.2.3'],
          alias: null,
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

  it('understands a record that says "no such service"', async () => {
    server = await startTestDns({ records: [srv('corp.example', '.', 0)] });
    const { hosts, warnings } = await lookUpDomain('corp.example', lookup());
    expect(hosts).to.deep.equal([]);
    expect(warnings[0]).to.contain('there is no such service');
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

  for (const [behaviour, code] of [
    ['servfail', 'server-failure'],
    ['refused', 'refused'],
    ['silent', 'timed-out'],
    ['garbage', 'bad-answer'],
  ] as const) {
    it(`says ${code} of a server that is ${behaviour}`, async () => {
      server = await startTestDns({ records: [], behaviour: () => behaviour });
      const error = await failure(lookUpDomain('corp.example', lookup(100)));
      expect(error).to.include({
        code,
        what: 'SRV',
        question: '_vlmcs._tcp.corp.example',
        server: server.address,
      });
      expect(error.message).to.contain(server.address).and.to.contain(`(${code})`);
    });
  }

  it('does not take a failing address lookup for a dangling name', async () => {
    server = await startTestDns({
      records: [srv('corp.example', 'kms.corp.example', 1688)],
      behaviour: (_, type) => (type === 'AAAA' ? 'servfail' : 'answer'),
    });
    const error = await failure(lookUpDomain('corp.example', lookup()));
    expect(error).to.include({ code: 'server-failure', what: 'AAAA', question: 'kms.corp.example' });
  });

  it('says unreachable where nothing listens', async () => {
    server = await startTestDns({ records: [] });
    const { address } = server;
    await server.close();
    server = undefined;
    const error = await failure(lookUpDomain('corp.example', dnsLookup({ server: address, timeoutMs: 100 })));
    expect(error.code).to.equal('unreachable');
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
