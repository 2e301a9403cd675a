import { expect } from 'chai';
import type { Outcome } from './dns/outcome';
import { UsageError } from '../../support/usage-error';
import { type ExpectedHost, expectedOf, matchExpected, parseExpected, sameAddress } from './expected-hosts';
import type { DnsLookup } from './lookup';
import type { PublishedDomain, PublishedHost } from './published-hosts';

const host = (target: string, address: string | null, more: Partial<PublishedHost> = {}): PublishedHost => ({
  ...{ target, port: 1688, priority: 0, weight: 0, alias: null, aliases: [], failures: [] },
  addresses: address === null ? [] : [address],
  ...more,
});
const domain = (...hosts: PublishedHost[]): PublishedDomain => ({
  ...{ domain: 'corp.example', server: 'test', srv: { kind: 'found' }, hosts, warnings: [] },
});

const NONE: Outcome<never> = { kind: 'none', why: 'no-such-name', aliases: [] };
/** Names with an address, or with the name that they are an alias for. */
const lookupOf = (names: Record<string, { address?: string; alias?: string }>): DnsLookup => {
  const found = (record: string | undefined): Outcome<string> =>
    record === undefined ? NONE : { kind: 'found', records: [record], aliases: [], foreign: 0 };
  return {
    ...{ server: 'test', timeoutMs: 100 },
    srv: () => Promise.resolve(NONE),
    a: (name) => Promise.resolve(found(names[name]?.address)),
    aaaa: () => Promise.resolve(NONE),
    cname: (name) => Promise.resolve(found(names[name]?.alias)),
  };
};

const matches = async (
  published: PublishedHost,
  expected: string,
  names: Parameters<typeof lookupOf>[0] = {},
): Promise<boolean> => {
  const matching = await matchExpected(domain(published), [parseExpected(expected)], lookupOf(names));
  const isMatch = matching.of(published) !== undefined;
  expect(matching.missing.length, 'each is matched or missing').to.equal(isMatch ? 0 : 1);
  return isMatch;
};

describe('expected hosts', () => {
  const forms: [string, Partial<ExpectedHost>][] = [
    ['kms01', { name: 'kms01', port: null }],
    ['KMS01.Corp.Example.', { name: 'kms01.corp.example', port: null }],
    ['kms01.corp.example:1689', { name: 'kms01.corp.example', port: 1689 }],
    ['CORP\\KMS01', { name: 'kms01', port: null }],
    ['\\\\KMS01', { name: 'kms01', port: null }],
    ['10.0.0.1', { name: '10.0.0.1', port: null }],
    ['10.0.0.1:1688', { name: '10.0.0.1', port: 1688 }],
    ['::1', { name: '::1', port: null }],
    ['[::1]:1688', { name: '::1', port: 1688 }],
    [' kms01 ', { name: 'kms01', port: null }],
  ];
  it('are refused where they are no hosts', () => {
    const wrong = ['http://kms01', 'kms01:99999', 'kms01:0', 'kms01:x', '', 'kms 01', 'kms01,kms02', '*'];
    for (const text of wrong) expect(() => parseExpected(text), text).to.throw(UsageError, /such as kms01/);
    expect(parseExpected('kms-prüf')).to.include({ name: 'xn--kms-prf-s2a' });
  });

  for (const [text, expected] of forms) {
    it(`reads ${JSON.stringify(text)}`, () => expect(parseExpected(text)).to.include({ text, ...expected }));
  }

  it('are told by name, whatever the case, the dot at the end and the domain', async () => {
    const one = host('kms01.corp.example', '10.0.0.1', { port: 1689 });
    const right = [
      'kms01.corp.example',
      'KMS01.CORP.EXAMPLE.',
      'kms01',
      'KMS01',
      'CORP\\kms01',
      'kms01.corp.example:1689',
    ];
    for (const expected of right) expect(await matches(one, expected), expected).to.equal(true);
    const wrong = [
      'kms01.corp.example:1688',
      'kms0',
      'kms010',
      'kms01.corp.example.org',
      'corp.example',
      'kms01.other.example',
    ];
    for (const expected of wrong) expect(await matches(one, expected), expected).to.equal(false);
  });

  it('are told by a short name within the domain, above and below it, and by no other', async () => {
    const at = (target: string) => matches(host(target, '10.0.0.1'), 'kms01');
    expect(await at('kms01')).to.equal(true);
    expect(await at('kms01.sub.corp.example')).to.equal(true);
    expect(await at('kms01.example')).to.equal(true);
    expect(await at('kms01.evil.example')).to.equal(false);
    expect(await at('kms01.notcorp.example')).to.equal(false);
    expect(await matches(host('kms01', '10.0.0.1'), 'kms01.corp.example')).to.equal(true);
  });

  it('are told by the 15 characters that NetBIOS keeps of a name', async () => {
    const long = host('activation-host-berlin.corp.example', '10.0.0.1');
    expect(await matches(long, 'ACTIVATION-HOST')).to.equal(true);
    expect(await matches(long, 'ACTIVATION-HOS')).to.equal(false);
  });

  it('are told by address, as it stands, however IPv6 is written', async () => {
    const one = host('kms01.corp.example', null, { addresses: ['10.0.0.1', 'fd00::a:1'], port: 1689 });
    for (const expected of ['10.0.0.1', '10.0.0.1:1689', 'FD00:0:0::A:1', '[fd00:0::a:1]:1689']) {
      expect(await matches(one, expected), expected).to.equal(true);
    }
    for (const expected of ['10.0.0.1:1688', '10.0.0.2', '10.0.0.10', '[fd00::a:1]:1688', 'fd00::1']) {
      expect(await matches(one, expected), expected).to.equal(false);
    }
    expect([
      sameAddress('::1', '0:0:0:0:0:0:0:1'),
      sameAddress('::1', '::2'),
      sameAddress('x', 'y'),
    ]).to.deep.equal([true, false, false]);
  });

  it('are told by aliases of either side', async () => {
    const alias = host('kms.corp.example', '10.0.0.1', {
      alias: 'kms01.corp.example',
      aliases: ['kms01.corp.example'],
    });
    expect(await matches(alias, 'kms01.corp.example')).to.equal(true);
    expect(await matches(alias, 'kms01')).to.equal(true);
    const own = host('kms01.corp.example', '10.0.0.1');
    expect(
      await matches(own, 'kms.corp.example', { 'kms.corp.example': { alias: 'KMS01.corp.example' } }),
    ).to.equal(true);
    expect(await matches(own, 'kms', { 'kms.corp.example': { alias: 'kms01.corp.example' } })).to.equal(true);
  });

  it('are told by what another name of theirs resolves to, which is noted', async () => {
    const own = host('kms01.corp.example', '10.0.0.1');
    const names = {
      'mgmt.corp.example': { address: '10.0.0.1' },
      'other.corp.example': { address: '10.0.0.2' },
    };
    expect(await matches(own, 'mgmt.corp.example', names)).to.equal(true);
    expect(await matches(own, 'mgmt.corp.example:1689', names)).to.equal(false);
    expect(await matches(own, 'other.corp.example', names)).to.equal(false);
    const { notes } = await matchExpected(domain(own), [parseExpected('mgmt.corp.example')], lookupOf(names));
    expect(notes).to.deep.equal([
      'kms01.corp.example is mgmt.corp.example, which is expected: the same host under another name',
    ]);
  });

  it('do not excuse another host at the same address', async () => {
    const real = host('kms01.corp.example', '10.0.0.1');
    const rogue = host('desktop7.corp.example', '10.0.0.1', { port: 1690 });
    const names = {
      'kms01.corp.example': { address: '10.0.0.1' },
      'kms02.corp.example': { address: '10.0.0.1' },
    };
    const matching = await matchExpected(domain(real, rogue), [parseExpected('kms01')], lookupOf(names));
    expect(matching.of(rogue)).to.equal(undefined);
    const two = await matchExpected(
      domain(real),
      [parseExpected('kms01'), parseExpected('kms02')],
      lookupOf(names),
    );
    expect(two.missing.map(({ text }) => text)).to.deep.equal(['kms02']);
  });

  it('are those of their domain', async () => {
    const expected = expectedOf([
      'kms01',
      { host: 'kms02', domain: 'Corp.Example.' },
      { host: 'kms03', domain: 'other.example' },
    ])!;
    const { missing } = await matchExpected(domain(), expected, null);
    expect(missing.map(({ text }) => text)).to.deep.equal(['kms01', 'kms02']);
    expect(expectedOf(undefined)).to.equal(null);
  });
});
