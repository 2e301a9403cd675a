import { expect } from 'chai';
import { CASE_LEVELS, caseToJson, requestsOf } from '../../cases/case';
import { casesSchema } from '../../cases/case-schema';
import { caseArbitrary } from '../../cases/generate/case-arbitrary';
import { readCorpus } from '../../cases/generate/corpus';
import { caseRandom } from '../../cases/generate/seeding';
import { casesOfShard, indexOf } from './settings';
import { UsageError } from '../../support/usage-error';

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
  before(async () => (corpus = await readCorpus(`${__dirname}/../../../captures/corpus`)));

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
      const again = casesSchema.parse([JSON.parse(JSON.stringify(caseToJson(value)))])[0]!;
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
