import { expect } from 'chai';
import type { KmsResponse } from '../../protocol';
import type { ProbeResult } from '../probe/ask';
import { isPublicAddress } from './addresses';
import { isExpected, judgeDomain, type JudgedHost } from './judge';
import type { AddressProbe } from './probes';
import type { PublishedHost } from './published-hosts';

const host = (name: string, address: string | null, more: Partial<PublishedHost> = {}): PublishedHost => ({
  target: `${name}.corp.example`,
  port: 1688,
  priority: 0,
  weight: 0,
  addresses: address === null ? [] : [address],
  alias: null,
  ...more,
});

const answered = (currentClientCount: number): ProbeResult => ({
  kind: 'answered',
  latencyMs: 1.23456,
  defects: [],
  response: { currentClientCount } as KmsResponse,
});
const unreachable: ProbeResult = { kind: 'unreachable', message: 'refused the connection' };
const refused: ProbeResult = {
  kind: 'refused',
  latencyMs: 1,
  message: 'refuses with 0xC004F042',
  hresult: 0xc004f042,
};

function judge(
  hosts: readonly PublishedHost[],
  probes: Record<string, AddressProbe>,
  expected: readonly string[] | null,
): JudgedHost[] {
  const published = { domain: 'corp.example', server: 'test', hosts, warnings: [] };
  return judgeDomain(published, new Map(Object.entries(probes)), expected).hosts;
}

describe('verdicts on published hosts', () => {
  it('is the picture of licensing-mistakes: one real host among accidental ones', () => {
    // Every desktop with a host key publishes itself; none of them counts far enough to activate anyone.
    const hosts = [host('kms01', '10.0.0.1'), ...[2, 3, 4, 5].map((i) => host(`desktop${i}`, `10.0.0.${i}`))];
    const probes = {
      '10.0.0.1:1688': answered(50),
      '10.0.0.2:1688': answered(3),
      '10.0.0.3:1688': answered(1),
      '10.0.0.4:1688': answered(4),
      '10.0.0.5:1688': answered(30),
    };
    const verdicts = (expected: readonly string[] | null) =>
      judge(hosts, probes, expected).map((judged) => judged.verdicts);
    expect(verdicts(['kms01.corp.example'])).to.deep.equal([
      ['right'],
      ['rogue'],
      ['rogue'],
      ['rogue'],
      ['rogue'],
    ]);
    // Nobody said which are right: one that activates clients passes for a host.
    expect(verdicts(null)).to.deep.equal([['right'], ['rogue'], ['rogue'], ['rogue'], ['right']]);
  });

  it('tells a spare from a rogue by what is expected', () => {
    const [spare] = judge([host('kms02', '10.0.0.2')], { '10.0.0.2:1688': answered(4) }, [
      'KMS02.corp.example.',
    ]);
    expect(spare!.verdicts).to.deep.equal(['right']);
    expect(spare!.message).to.contain('counts 4, below every threshold').and.to.contain('spare');
    expect(spare).to.include({ count: 4, latencyMs: 1.235 });
  });

  it('sets the line at the lowest threshold, 5', () => {
    const verdict = (count: number) =>
      judge([host('a', '10.0.0.1')], { '10.0.0.1:1688': answered(count) }, null)[0]!.verdicts;
    expect(verdict(4)).to.deep.equal(['rogue']);
    expect(verdict(5)).to.deep.equal(['right']);
  });

  it('tells dangling, unreachable and refusing hosts apart', () => {
    const hosts = [host('gone', null), host('down', '10.0.0.2'), host('other', '10.0.0.3')];
    const judged = judge(hosts, { '10.0.0.2:1688': unreachable, '10.0.0.3:1688': refused }, null);
    expect(judged.map(({ verdicts }) => verdicts)).to.deep.equal([
      ['dangling'],
      ['unreachable'],
      ['refused'],
    ]);
    expect(judged[1]!.message).to.equal('10.0.0.2 refused the connection');
    expect(judged[2]!.message).to.contain('0xC004F042');
  });

  it('puts a right host behind others, and names those', () => {
    const hosts = [host('a', '10.0.0.1', { priority: 5 }), host('b', '10.0.0.2', { priority: 10 })];
    const judged = judge(hosts, { '10.0.0.1:1688': answered(50), '10.0.0.2:1688': answered(25) }, null);
    expect(judged.map(({ verdicts }) => verdicts)).to.deep.equal([['right'], ['right', 'low-priority']]);
    expect(judged[1]!.message).to.contain('after those of priority 5');
  });

  it('tells of each address that does not answer, though another does', () => {
    const two = host('a', null, { addresses: ['10.0.0.1', 'fd00::1'] });
    const [judged] = judge([two], { '10.0.0.1:1688': answered(50), '[fd00::1]:1688': unreachable }, null);
    expect(judged!.verdicts).to.deep.equal(['right', 'unreachable']);
    expect(judged!.message).to.contain('fd00::1 refused the connection');
  });

  it('does not pass what it did not ask', () => {
    const hosts = [host('a', '10.0.0.1'), host('b', '10.0.0.2')];
    const judged = judge(
      hosts,
      { '10.0.0.1:1688': { kind: 'not-allowed' }, '10.0.0.2:1688': { kind: 'not-asked' } },
      null,
    );
    expect(judged.map(({ verdicts }) => verdicts)).to.deep.equal([['not-probed'], ['not-probed']]);
    expect(judged[0]!.message).to.contain('--allow-remote');
    expect(judged[1]).to.not.have.property('count');
  });

  it('warns of expected hosts that are not published', () => {
    const published = { domain: 'corp.example', server: 'test', hosts: [], warnings: ['before'] };
    const { warnings } = judgeDomain(published, new Map(), ['kms01.corp.example']);
    expect(warnings).to.deep.equal(['before', 'kms01.corp.example is expected, and not published']);
  });

  it('marks public addresses beside any other verdict', () => {
    const [judged] = judge([host('a', '8.8.8.8')], { '8.8.8.8:1688': { kind: 'not-allowed' } }, null);
    expect(judged!.verdicts).to.deep.equal(['not-probed', 'public-address']);
  });

  it('expects by name, by name and port, or by address', () => {
    const one = host('kms01', '10.0.0.1', { port: 1689 });
    for (const expected of ['kms01.corp.example', 'kms01.corp.example:1689', '10.0.0.1', '10.0.0.1:1689']) {
      expect(isExpected(one, [expected]), expected).to.equal(true);
    }
    for (const other of ['kms01.corp.example:1688', 'kms01', '10.0.0.1:1688', 'kms01.corp.example.org']) {
      expect(isExpected(one, [other]), other).to.equal(false);
    }
  });
});

describe('public addresses', () => {
  const publicOnes = [
    '8.8.8.8',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.0.1',
    '172.32.0.1',
    '2600::1',
    '::ffff:8.8.8.8',
  ];
  const others = [
    '10.1.2.3',
    '127.0.0.1',
    '169.254.1.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.255.1',
    '100.64.0.1',
    '192.0.2.1',
    '198.51.100.9',
    '203.0.113.4',
    '224.0.0.1',
    '255.255.255.255',
    '0.0.0.0',
    '::1',
    '::',
    'fd12::1',
    'fe80::1%eth0',
    'ff02::1',
    '2001:db8::1',
    '::ffff:10.0.0.1',
    'no address',
    '',
  ];
  for (const address of publicOnes)
    it(`${address} is`, () => expect(isPublicAddress(address)).to.equal(true));
  for (const address of others)
    it(`"${address}" is not`, () => expect(isPublicAddress(address)).to.equal(false));
});
