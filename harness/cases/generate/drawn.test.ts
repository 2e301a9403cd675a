import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { packageRoot } from '../../support/package-root';
import { CASE_LEVELS, caseToJson } from '../case';
import { caseArbitrary } from './case-arbitrary';
import { CaseSource } from './case-source';
import { readCorpus } from './corpus';
import * as drawn from './drawn';
import { integerDraw } from './draws';
import { CaseGenerator, caseRandom } from './seeding';

const CASES = 400;
const generate = (arbitrary: fc.Arbitrary<unknown>, seed: number): unknown =>
  arbitrary.generate(caseRandom(seed, 0), undefined).value;

describe('values that are drawn without fast-check', () => {
  for (const level of CASE_LEVELS) {
    it(`are the cases of level ${level} that fast-check makes, and shrinks`, async () => {
      const corpus = await readCorpus(join(packageRoot(), 'captures', 'corpus'));
      const source = new CaseSource(caseArbitrary({ levels: [level], corpus }), 3, 2);
      for (let index = 0; index < CASES; index++) {
        const made = source.valueOf(index);
        expect(caseToJson(source.caseOf(index))).to.deep.equal(caseToJson(made.value));
      }
      const { value, context } = source.valueOf(0);
      expect([...source.arbitrary.shrink(value, context).take(3)]).to.not.be.empty;
    });
  }

  it('are as often as fast-check has them, at any bounds', () => {
    const bounds = fc.tuple(fc.integer({ min: -5, max: 70_000 }), fc.nat(0xffff_ffff), fc.nat());
    fc.assert(
      fc.property(bounds, ([min, more, seed]) => {
        const range = { min, max: min + more };
        expect(integerDraw(range)(CaseGenerator.of(seed, 0))).to.equal(generate(fc.integer(range), seed));
      }),
    );
  });

  it('are one each: of one thing, of several, of none', () => {
    const parts = drawn.record({
      one: drawn.constantFrom('only'),
      some: drawn.option(drawn.nat(3), { freq: 3, nil: undefined }),
      list: drawn.array(drawn.boolean(), { maxLength: 4 }),
      both: drawn.tuple(drawn.noShrink(drawn.nat(9)), drawn.uint8Array({ minLength: 2, maxLength: 5 })),
      then: drawn.nat(3).chain((count) => drawn.array(drawn.constant(count), { maxLength: count })),
    });
    for (let seed = 0; seed < 200; seed++)
      expect({ ...(generate(parts, seed) as object) }).to.deep.equal(parts.draw(CaseGenerator.of(seed, 0)));
  });
});
