import { expect } from 'chai';
import { a, aaaa, type Behaviour, srv, startTestDns, type TestDnsServer } from '../../testing/dns-server';
import type { Failed } from './dns/outcome';
import { dnsLookup } from './lookup';
import { lookUpDomain, type PublishedDomain } from './published-hosts';
import { lacksIpv4, resolutionOf } from './resolve-name';

describe('looking up a domain where DNS fails', () => {
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

  it('keeps what fitted into a cut answer where there is none over TCP, and says that it was cut', async () => {
    server = await startTestDns({
      records: [
        srv('corp.example', 'kms01.corp.example', 1688),
        srv('corp.example', 'kms02.corp.example', 1688),
        a('kms01.corp.example', '127.0.0.1'),
      ],
      behaviour: (_, type) => (type === 'SRV' ? 'cut' : 'answer'),
    });
    const published = await corp();
    expect(failureOf(published)).to.include({ how: 'truncated', type: 'SRV' });
    expect(published.hosts.map(({ target, addresses }) => [target, ...addresses])).to.deep.equal([
      ['kms01.corp.example', '127.0.0.1'],
    ]);
  });

  it('takes a host for one of IPv6 alone only where no IPv4 address came', async () => {
    server = await startTestDns({
      records: [
        srv('corp.example', 'kms01.corp.example', 1688),
        a('kms01.corp.example', '127.0.0.1'),
        aaaa('kms01.corp.example', '::1'),
      ],
      behaviour: (_, type) => (type === 'A' ? 'cut' : 'answer'),
    });
    const [host] = (await corp()).hosts;
    expect([host!.failures.length, lacksIpv4(host!)]).to.deep.equal([1, false]);
    expect(lacksIpv4({ ...host!, addresses: ['::1'] })).to.equal(true);
  });

  const failures: [Behaviour, Failed['how']][] = [
    ['servfail', 'server-failure'],
    ['refused', 'refused'],
    ['notimp', 'not-implemented'],
    ['formerr', 'format-error'],
    ['notauth', 'not-authoritative'],
    ['referral', 'referral'],
    ['foreign', 'bad-answer'],
    ['silent', 'timed-out'],
    ['garbage', 'bad-answer'],
    ['broken', 'bad-answer'],
    ['other-id', 'bad-answer'],
    ['cut', 'truncated'],
  ];
  for (const [behaviour, how] of failures) {
    it(`says ${how} of a server that is ${behaviour}`, async () => {
      server = await startTestDns({
        records: [srv('corp.example', 'kms.example', 1)],
        behaviour: () => behaviour,
      });
      const failure = failureOf(await corp(100));
      expect(failure).to.include({
        how,
        type: 'SRV',
        name: '_vlmcs._tcp.corp.example',
        server: server.address,
      });
      const [told] = (await corp(100)).warnings;
      expect(told)
        .to.contain(`DNS SRV _vlmcs._tcp.corp.example, asked of ${server.address}`)
        .and.to.contain(`(${how})`);
    });

    for (const type of ['A', 'AAAA', 'CNAME'] as const) {
      it(`keeps the rest where ${type} alone is ${behaviour}`, async () => {
        server = await startTestDns({
          records: [
            srv('corp.example', 'kms.corp.example', 1688),
            a('kms.corp.example', '127.0.0.1'),
            aaaa('kms.corp.example', '::1'),
          ],
          behaviour: (_, asked) => (asked === type ? behaviour : 'answer'),
        });
        const [host] = (await corp(100)).hosts;
        // A foreign answer to a question without records is an empty one, and so is a cut one that fits.
        const isHarmless = type === 'CNAME' && behaviour === 'foreign';
        expect(host!.failures.map((failure) => [failure.type, failure.how])).to.deep.equal(
          isHarmless ? [] : [[type, how]],
        );
        const left = ['127.0.0.1', '::1'].filter((_, i) => ['A', 'AAAA'][i] !== type || behaviour === 'cut');
        expect([...host!.addresses]).to.deep.equal(left);
        expect(resolutionOf(host!)).to.equal('resolved');
      });
    }
  }

  it('does not take a failing address lookup for a dangling name', async () => {
    server = await startTestDns({
      records: [srv('corp.example', 'kms.corp.example', 1688)],
      empty: ['kms.corp.example'],
      behaviour: (_, type) => (type === 'AAAA' ? 'servfail' : 'answer'),
    });
    const [host] = (await corp()).hosts;
    expect(resolutionOf(host!)).to.equal('cannot-resolve');
    expect(host!.failures[0]).to.include({ how: 'server-failure', type: 'AAAA', name: 'kms.corp.example' });
  });

  it('says unreachable where nothing listens', async () => {
    server = await startTestDns({ records: [] });
    await server.close();
    expect(failureOf(await corp(100)).how).to.equal('unreachable');
  });

  it('asks again where half of the time brought no answer', async () => {
    let times = 0;
    server = await startTestDns({
      records: [srv('corp.example', 'kms.corp.example', 1688), a('kms.corp.example', '127.0.0.1')],
      behaviour: (_, type) => (type === 'SRV' && times++ === 0 ? 'silent' : 'answer'),
    });
    expect((await corp(400)).hosts).to.have.length(1);
    expect(times).to.equal(2);
  });

  it('takes no longer than it was told, whatever is silent', async () => {
    for (const silent of ['SRV', 'A', 'AAAA', 'CNAME', 'all']) {
      server = await startTestDns({
        records: [srv('corp.example', 'kms.corp.example', 1688)],
        behaviour: (_, type) => (silent === 'all' || type === silent ? 'silent' : 'answer'),
      });
      const started = performance.now();
      await corp(150);
      expect(performance.now() - started, silent).to.be.lessThan(1500);
      await server.close();
    }
  });
});
