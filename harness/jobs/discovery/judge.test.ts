import { expect } from 'chai';
import type { KmsResponse } from '../../../protocol';
import type { ProbeResult } from '../../client/ask-once';
import {
  type AddressProbe,
  expectedOf,
  type Failed,
  matchExpected,
  type PublishedDomain,
  type PublishedHost,
} from '../../target/discovery';
import { judgeDomain, type JudgedDomain, type JudgedHost } from './judge';

const host = (name: string, address: string | null, more: Partial<PublishedHost> = {}): PublishedHost => ({
  target: `${name}.corp.example`,
  port: 1688,
  priority: 0,
  weight: 0,
  addresses: address === null ? [] : [address],
  alias: null,
  aliases: [],
  failures: [],
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

const failed = (type: Failed['type']): Failed => ({
  ...{
    kind: 'failed',
    how: 'server-failure',
    server: 'test',
    name: 'a.corp.example',
    type,
    aliases: [],
    partial: [],
  },
  problem: 'the server failed',
});

async function judgeAll(
  published: Partial<PublishedDomain>,
  probes: Record<string, AddressProbe>,
  expected: readonly string[] | null,
  heedsPriority = true,
): Promise<JudgedDomain> {
  const domain: PublishedDomain = {
    ...{ domain: 'corp.example', server: 'test', srv: { kind: 'found' }, hosts: [], warnings: [] },
    ...published,
  };
  const wanted = expectedOf(expected ?? undefined);
  const matching = wanted === null ? null : await matchExpected(domain, wanted, null);
  return judgeDomain({ published: domain, probes: new Map(Object.entries(probes)), matching, heedsPriority });
}

const judge = async (
  hosts: readonly PublishedHost[],
  probes: Record<string, AddressProbe>,
  expected: readonly string[] | null,
): Promise<JudgedHost[]> => (await judgeAll({ hosts }, probes, expected)).hosts;

describe('verdicts on published hosts', () => {
  it('is wrong-answer where a host answers as another or with another key, however it counts', async () => {
    const wrong: ProbeResult = { ...answered(50), defects: ['signs with another key'] } as ProbeResult;
    const [alone] = await judge([host('a', '10.0.0.1')], { '10.0.0.1:1688': wrong }, null);
    expect(alone).to.deep.include({ verdicts: ['wrong-answer'], message: '10.0.0.1 signs with another key' });
    const both = { '10.0.0.1:1688': wrong, '10.0.0.2:1688': answered(30) };
    const [beside] = await judge([host('a', null, { addresses: ['10.0.0.1', '10.0.0.2'] })], both, null);
    expect(beside!.verdicts).to.deep.equal(['right', 'wrong-answer']);
  });

  it('is the picture of licensing-mistakes: one real host among accidental ones', async () => {
    // Every desktop with a host key publishes itself; none of them counts far enough to activate anyone.
    const hosts = [host('kms01', '10.0.0.1'), ...[2, 3, 4, 5].map((i) => host(`desktop${i}`, `10.0.0.${i}`))];
    const probes = {
      '10.0.0.1:1688': answered(50),
      '10.0.0.2:1688': answered(3),
      '10.0.0.3:1688': answered(1),
      '10.0.0.4:1688': answered(4),
      '10.0.0.5:1688': answered(30),
    };
    const verdicts = async (expected: readonly string[] | null) =>
      (await judge(hosts, probes, expected)).map((judged) => judged.verdicts);
    expect(await verdicts(['kms01.corp.example'])).to.deep.equal([
      ['right'],
      ['rogue'],
      ['rogue'],
      ['rogue'],
      ['rogue'],
    ]);
    // Nobody said which are right: one that activates clients passes for a host.
    expect(await verdicts(null)).to.deep.equal([['right'], ['rogue'], ['rogue'], ['rogue'], ['right']]);
  });

  it('tells a spare from a rogue by what is expected', async () => {
    const [spare] = await judge([host('kms02', '10.0.0.2')], { '10.0.0.2:1688': answered(4) }, [
      'KMS02.corp.example.',
    ]);
    expect(spare!.verdicts).to.deep.equal(['right']);
    expect(spare!.message).to.contain('counts 4, below every threshold').and.to.contain('spare');
    expect(spare).to.include({ count: 4, latencyMs: 1.235 });
  });

  it('sets the line at the lowest threshold, 5', async () => {
    const verdict = async (count: number) =>
      (await judge([host('a', '10.0.0.1')], { '10.0.0.1:1688': answered(count) }, null))[0]!.verdicts;
    expect(await verdict(4)).to.deep.equal(['rogue']);
    expect(await verdict(5)).to.deep.equal(['right']);
  });

  it('tells dangling, unreachable and refusing hosts apart', async () => {
    const hosts = [host('gone', null), host('down', '10.0.0.2'), host('other', '10.0.0.3')];
    const judged = await judge(hosts, { '10.0.0.2:1688': unreachable, '10.0.0.3:1688': refused }, null);
    expect(judged.map(({ verdicts }) => verdicts)).to.deep.equal([
      ['dangling'],
      ['unreachable'],
      ['refused'],
    ]);
    expect(judged[1]!.message).to.equal('10.0.0.2 refused the connection');
    expect(judged[2]!.message).to.contain('0xC004F042');
  });

  it('puts a right host behind others, and names those', async () => {
    const hosts = [host('a', '10.0.0.1', { priority: 5 }), host('b', '10.0.0.2', { priority: 10 })];
    const judged = await judge(hosts, { '10.0.0.1:1688': answered(50), '10.0.0.2:1688': answered(25) }, null);
    expect(judged.map(({ verdicts }) => verdicts)).to.deep.equal([['right'], ['right', 'low-priority']]);
    expect(judged[1]!.message).to.contain('after those of priority 5');
  });

  it('tells of each address that does not answer, though another does', async () => {
    const two = host('a', null, { addresses: ['10.0.0.1', 'fd00::1'] });
    const [judged] = await judge(
      [two],
      { '10.0.0.1:1688': answered(50), '[fd00::1]:1688': unreachable },
      null,
    );
    expect(judged!.verdicts).to.deep.equal(['right', 'unreachable']);
    expect(judged!.message).to.contain('[fd00::1] refused the connection');
  });

  it('does not pass what it did not ask', async () => {
    const hosts = [host('a', '10.0.0.1'), host('b', '10.0.0.2')];
    const judged = await judge(
      hosts,
      { '10.0.0.1:1688': { kind: 'not-allowed' }, '10.0.0.2:1688': { kind: 'not-asked' } },
      null,
    );
    expect(judged.map(({ verdicts }) => verdicts)).to.deep.equal([['not-probed'], ['not-probed']]);
    expect(judged[0]!.message).to.contain('--allow-remote');
    expect(judged[1]).to.not.have.property('count');
  });

  it('warns of expected hosts that are not published', async () => {
    const { warnings, missing } = await judgeAll({ warnings: ['before'] }, {}, ['kms01.corp.example']);
    expect(missing).to.deep.equal(['kms01.corp.example']);
    expect(warnings).to.deep.equal(['before', 'kms01.corp.example is expected, and not published']);
  });

  it('marks public addresses beside any other verdict', async () => {
    const [judged] = await judge([host('a', '8.8.8.8')], { '8.8.8.8:1688': { kind: 'not-allowed' } }, null);
    expect(judged!.verdicts).to.deep.equal(['not-probed', 'public-address']);
  });

  it('tells a name that cannot be looked up from one that has no address', async () => {
    const verdict = async (more: Partial<PublishedHost>) =>
      (await judge([host('a', null, more)], {}, null))[0]!;
    expect((await verdict({})).verdicts).to.deep.equal(['dangling']);
    for (const type of ['A', 'AAAA'] as const) {
      const judged = await verdict({ failures: [failed(type)] });
      expect(judged.verdicts, type).to.deep.equal(['cannot-resolve']);
      expect(judged.message).to.contain(`DNS ${type} a.corp.example, asked of test`);
    }
    expect((await verdict({ failures: [failed('CNAME')] })).verdicts).to.deep.equal(['dangling']);
  });

  it('asks a host one of whose families resolves; IPv4 that fails is wrong, the rest is not', async () => {
    const probes = { '10.0.0.1:1688': answered(50), '[fd00::1]:1688': answered(50) };
    const verdicts = async (address: string, type: Failed['type']) =>
      (await judge([host('a', address, { failures: [failed(type)] })], probes, null))[0]!.verdicts;
    expect(await verdicts('10.0.0.1', 'AAAA')).to.deep.equal(['right']);
    expect(await verdicts('10.0.0.1', 'CNAME')).to.deep.equal(['right']);
    expect(await verdicts('fd00::1', 'A')).to.deep.equal(['right', 'cannot-resolve']);
  });

  it('takes an alias for what it is, and not for a rogue host', async () => {
    const alias = host('kms', '10.0.0.1', { alias: 'kms01.corp.example', aliases: ['kms01.corp.example'] });
    for (const expected of [['kms01.corp.example'], ['kms.corp.example'], null]) {
      const [judged] = await judge([alias], { '10.0.0.1:1688': answered(50) }, expected);
      expect(judged!.verdicts).to.deep.equal(['right', 'alias']);
    }
  });

  it('knows no low priority where clients heed none', async () => {
    const hosts = [host('a', '10.0.0.1'), host('b', '10.0.0.2', { priority: 10 })];
    const probes = { '10.0.0.1:1688': answered(50), '10.0.0.2:1688': answered(50) };
    const judged = await judgeAll({ hosts }, probes, null, false);
    expect(judged.hosts.map(({ verdicts }) => verdicts)).to.deep.equal([['right'], ['right']]);
  });

  it('tells an address in the place of a name', async () => {
    const [judged] = await judge([host('a', null, { target: '10.0.0.1' })], {}, null);
    expect(judged!.verdicts).to.deep.equal(['dangling']);
    expect(judged!.message).to.contain('an address where a name must stand');
  });

  it('has a verdict on the domain itself', async () => {
    const verdict = async (srv: PublishedDomain['srv']) => (await judgeAll({ srv }, {}, null)).verdict;
    expect(await verdict({ kind: 'found' })).to.equal('published');
    expect(await verdict({ kind: 'none', why: 'no-records' })).to.equal('not-published');
    expect(await verdict({ kind: 'not-available' })).to.equal('not-available');
    expect(await verdict({ kind: 'failed', failure: failed('SRV') })).to.equal('cannot-resolve');
  });

  it('does not say of a domain that it could not look up that a host is not published', async () => {
    const { warnings } = await judgeAll({ srv: { kind: 'failed', failure: failed('SRV') } }, {}, ['kms01']);
    expect(warnings).to.deep.equal(['kms01 is expected, and not known to be published']);
  });
});
