import { expect } from 'chai';
import { caseToJson } from './case';
import { caseArbitrary } from './generate/case-arbitrary';
import { caseRandom } from './generate/seeding';
import { dropUnneeded, ShrinkBudget, simplify } from './shrink';

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
