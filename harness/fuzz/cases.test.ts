import { expect } from 'chai';
import { CASE_LEVELS, caseFromJson, caseToJson, requestsOf } from './case';
import { caseArbitrary } from './case-arbitrary';
import { CaseCount } from './case-count';
import { readCorpus } from './corpus';
import { featuresOf, FindingBook, type Finding, findingFromJson, findingToJson, idOf } from './finding';
import { LeakWatch } from './leak-watch';
import { goodKmsRequest } from './probe';
import { caseRandom } from './seeding';
import { casesOfShard, indexOf } from './settings';
import { dropUnneeded, ShrinkBudget, simplify } from './shrink';
import { violation } from './violation';
import { PROFILES } from '../model/profile';
import { UsageError } from '../usage-error';

const COUNT = 3000;

describe('fuzz cases', () => {
  let corpus: Awaited<ReturnType<typeof readCorpus>>;
  const caseOf = (seed: number, index: number): string => {
    const { value } = caseArbitrary({ levels: CASE_LEVELS, corpus }).generate(
      caseRandom(seed, index),
      undefined,
    );
    return JSON.stringify(caseToJson(value));
  };
  before(async () => (corpus = await readCorpus(`${__dirname}/../../captures/corpus`)));

  it('are the same for the same seed and index, whatever was made before', () => {
    const arbitrary = caseArbitrary({ levels: CASE_LEVELS, corpus });
    const forwards = Array.from(
      { length: COUNT },
      (_, index) => arbitrary.generate(caseRandom(5, index), undefined).value,
    );
    for (let index = COUNT - 1; index >= 0; index -= 7) {
      expect(caseOf(5, index)).to.equal(JSON.stringify(caseToJson(forwards[index]!)));
    }
  });

  it('differ from one another and from those of another seed', () => {
    const all = new Set(Array.from({ length: COUNT }, (_, index) => caseOf(5, index)));
    expect(all.size).to.equal(COUNT);
    const others = Array.from({ length: 200 }, (_, index) => caseOf(6, index));
    expect(others.some((one) => all.has(one))).to.equal(false);
    expect(caseOf(5, 2 ** 32)).to.not.equal(caseOf(5, 0));
  });

  it('are of every level, with every kind of step, and come back from JSON', () => {
    const arbitrary = caseArbitrary({ levels: CASE_LEVELS, corpus });
    const levels = new Set<string>();
    const kinds = new Set<string>();
    for (let index = 0; index < COUNT; index++) {
      const { value } = arbitrary.generate(caseRandom(1, index), undefined);
      levels.add(value.level);
      for (const step of value.steps) kinds.add(step.kind);
      const again = caseFromJson(JSON.parse(JSON.stringify(caseToJson(value))));
      expect(caseToJson(again)).to.deep.equal(caseToJson(value));
      expect(requestsOf([again])).to.equal(requestsOf([value]));
    }
    expect([...levels].sort()).to.deep.equal([...CASE_LEVELS].sort());
    expect([...kinds].sort()).to.deep.equal(
      ['advance', 'ask', 'bind', 'burst', 'close', 'pieces', 'raw', 'restart'].sort(),
    );
  });

  it('of all shards together are those of the whole, each once', () => {
    for (const runs of [1, 2, 3, 4, 99, 100, 101]) {
      for (const shards of [1, 2, 4, 7]) {
        const indices = Array.from({ length: shards }, (_, i) => {
          const settings = { shard: { index: i + 1, of: shards } };
          return Array.from({ length: casesOfShard(settings, runs) }, (__, n) => indexOf(settings, n));
        }).flat();
        expect(indices.sort((a, b) => a - b)).to.deep.equal(
          Array.from({ length: runs }, (_, index) => index),
        );
      }
    }
  });

  it('need a corpus that can be read', async () => {
    for (const folder of ['/nonexistent', __dirname]) {
      const error = await readCorpus(folder).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).to.be.instanceOf(UsageError);
      expect((error as Error).message).to.contain(folder);
    }
  });
});

describe('counting beside a case', () => {
  const request = (machine: number, requiredClientCount = 25) => ({
    ...goodKmsRequest(
      '55c92734-d682-4d71-983e-d6ec3f16059f',
      `0000000${machine}-0000-0000-0000-000000000000`,
      0n,
    ),
    requiredClientCount,
  });
  const count = (): CaseCount => new CaseCount(PROFILES['win7-2008r2']);

  it('takes the counts of the model and no others', () => {
    const beside = count();
    expect(beside.granted(request(1), 1)).to.equal(null);
    expect(beside.granted(request(1), 1)).to.equal(null);
    expect(beside.granted(request(2), 3)).to.deep.equal([2]);
  });

  it('lets both be right after an answer was lost, until an answer tells', () => {
    const beside = count();
    beside.granted(request(1), 1);
    beside.lost(request(2));
    expect(beside.granted(request(3), 4)).to.deep.equal([2, 3]);
    const other = count();
    other.lost(request(1));
    expect(other.granted(request(2), 2)).to.equal(null);
    // Now it is known that the first was counted.
    expect(other.granted(request(3), 2)).to.deep.equal([3]);
  });

  it('lets a host come to a lost request after later ones of other connections, and count it once', () => {
    const late = count();
    late.lost(request(1));
    expect(late.granted(request(2), 1)).to.equal(null);
    expect(late.granted(request(3), 3)).to.equal(null);
    expect(late.granted(request(4), 5)).to.deep.equal([4]);
    const never = count();
    never.lost(request(1));
    never.lost(request(1));
    expect(never.granted(request(2), 3)).to.deep.equal([1, 2]);
    expect(never.granted(request(2), 2)).to.equal(null);
  });

  it('lets any order of requests at once be right, and no count twice', () => {
    const beside = count();
    expect(beside.grantedTogether([request(1), request(2), request(3)], [2, 3, 1])).to.equal(null);
    expect(count().grantedTogether([request(1), request(2)], [1, 1])).to.deep.equal([2]);
  });

  it('forgets with a restart, and drops what is older than 30 days', () => {
    const beside = count();
    beside.granted(request(1), 1);
    beside.advance(31 * 86_400);
    expect(beside.granted(request(2), 1)).to.equal(null);
    beside.restart();
    expect(beside.granted(request(1), 1)).to.equal(null);
  });
});

describe('shrinking', () => {
  const budget = (tries = 1000): ShrinkBudget => new ShrinkBudget({ tries, milliseconds: 10_000 });

  it('drops what is not needed of a sequence, in few tries, and keeps the last', async () => {
    let tries = 0;
    const items = Array.from({ length: 64 }, (_, i) => i);
    const fails = (kept: readonly number[]): Promise<boolean> => {
      tries++;
      return Promise.resolve(kept.includes(5) && kept.includes(40) && kept.at(-1) === 63);
    };
    expect(await dropUnneeded(items, fails, budget())).to.deep.equal([5, 40, 63]);
    expect(tries).to.be.lessThan(100);
  });

  it('stops when its tries are used up, with what it has', async () => {
    const kept = await dropUnneeded([1, 2, 3, 4, 5, 6, 7, 8], () => Promise.resolve(true), budget(1));
    expect(kept.length).to.be.within(2, 7);
  });

  it('stops when the campaign does, with what it has', async () => {
    let tries = 0;
    const stopped = new ShrinkBudget({ tries: 1000, milliseconds: 10_000 }, () => tries >= 2);
    const fails = (): Promise<boolean> => Promise.resolve(++tries > 0);
    expect((await dropUnneeded([1, 2, 3, 4, 5, 6, 7, 8], fails, stopped)).at(-1)).to.equal(8);
    expect(tries).to.equal(2);
  });

  it('takes away all that makes a request unusual, but what it takes', async () => {
    const arbitrary = caseArbitrary({ levels: ['sequence'], corpus: { pdus: [], digest: '' } });
    const isVirtual = (cases: readonly { steps: readonly unknown[] }[]): boolean =>
      JSON.stringify(cases.map((one) => caseToJson(one as never))).includes('"isVirtualMachine"');
    for (let index = 0, found = 0; found < 10; index++) {
      const { value } = arbitrary.generate(caseRandom(2, index), undefined);
      if (!isVirtual([value])) continue;
      found++;
      const [simple] = await simplify([value], (cases) => Promise.resolve(isVirtual(cases)), budget());
      expect(simple!.steps).to.have.length(1);
      const [step] = simple!.steps;
      expect(step).to.include({ kind: 'ask', on: 0, previous: null, syntax: 'ndr32', messageSize: null });
      expect((step as unknown as { message: unknown[] }).message).to.have.length(1);
    }
  });
});

describe('findings', () => {
  const arbitrary = caseArbitrary({ levels: ['message'], corpus: { pdus: [], digest: '' } });
  const { value: first } = arbitrary.generate(caseRandom(1, 1), undefined);
  const shown = violation('count', 'count', 2, 3);
  const findingOf = (features: readonly string[]): Finding => ({
    ...shown,
    id: idOf(shown, features),
    reproduced: true,
    cases: [first],
    features,
    seed: 1,
    index: 1,
    requests: 1,
    shrunkFrom: 4,
  });

  it('are told apart by what they are about, not by numbers', () => {
    const again = violation('count', 'count', 7, 9);
    expect(idOf(shown, ['a', 'b'])).to.equal(idOf(again, ['b', 'a']));
    expect(idOf(shown, ['a'])).to.not.equal(idOf(shown, ['b']));
    expect(idOf(shown, [])).to.not.equal(idOf(violation('leak', 'count', 2, 3), []));
  });

  it('are known again by a case that has all they need', () => {
    const book = new FindingBook();
    book.add(findingOf([...featuresOf([first])].slice(0, 1)));
    expect(book.known(shown, [first], [])).to.not.equal(null);
    expect(book.known(violation('leak', 'count', 2, 3), [first], [])).to.equal(null);
    const other = new FindingBook();
    other.add(findingOf(['something that no case has']));
    expect(other.known(shown, [first], [])).to.equal(null);
  });

  it('come back from JSON', () => {
    const finding = findingOf(['x']);
    const again = findingFromJson(
      JSON.parse(JSON.stringify(findingToJson(finding))) as Record<string, unknown>,
    );
    expect(caseToJson(again.cases[0]!)).to.deep.equal(caseToJson(finding.cases[0]!));
    expect({ ...again, cases: [] }).to.deep.equal({ ...finding, cases: [] });
  });
});

describe('the watch for leaks', () => {
  const request = (name: string, machine: string) => ({
    ...goodKmsRequest('55c92734-d682-4d71-983e-d6ec3f16059f', machine, 0n),
    workstationName: name,
  });
  const octets = (text: string): Buffer => Buffer.from(`??${text}??`, 'utf16le');

  it('finds the names of others, anywhere in the octets, and not one’s own', () => {
    const watch = new LeakWatch();
    watch.remember(request('FZ-00000001-0', 'a'));
    watch.remember(request('FZ-00000002-0', 'b'));
    expect(watch.find(octets('FZ-00000001-0'), 'b')).to.contain('FZ-00000001-0');
    expect(watch.find(octets('FZ-00000001-0'), 'a')).to.equal(null);
    expect(watch.find(octets('FZ-00000003-0'), 'a')).to.equal(null);
    expect(watch.find(new Uint8Array(0), 'a')).to.equal(null);
  });

  it('finds the machines of others, but for the nil CMID', () => {
    const watch = new LeakWatch();
    const machine = '11223344-5566-7788-99aa-bbccddeeff00';
    watch.remember(request('A', machine));
    watch.remember(request('B', '00000000-0000-0000-0000-000000000000'));
    const onTheWire = Buffer.from('ff4433221166558877' + '99aabbccddeeff00ff', 'hex');
    expect(watch.find(onTheWire, 'b')).to.contain(machine);
    expect(watch.find(onTheWire, machine)).to.equal(null);
    expect(watch.find(new Uint8Array(20), 'b')).to.equal(null);
  });

  it('forgets what is long ago, and does not grow', () => {
    const watch = new LeakWatch();
    for (let i = 0; i < 2000; i++) watch.remember(request(`FZ-${String(i).padStart(8, '0')}-0`, String(i)));
    expect(watch.find(octets('FZ-00000001-0'), 'x')).to.equal(null);
    expect(watch.find(octets('FZ-00001999-0'), 'x')).to.not.equal(null);
  });
});
