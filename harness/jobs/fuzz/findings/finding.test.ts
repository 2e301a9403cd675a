import { expect } from 'chai';
import { caseToJson, type FuzzCase, GOOD_ASK } from '../../../cases/case';
import { ShrinkBudget, simplify } from '../../../cases/shrink';
import { caseArbitrary } from '../../../cases/generate/case-arbitrary';
import { featuresOf, shownBy } from '../../../cases/features';
import { FindingBook, type Finding, idOf } from './finding';
import { type FindingFile, findingFileText, readFindingFile } from './finding-file';
import { caseRandom } from '../../../cases/generate/seeding';
import { violation } from '../../../cases/judge/violation';

describe('findings', () => {
  const arbitrary = caseArbitrary({ levels: ['message'], corpus: { pdus: [], digest: '' } });
  const { value: first } = arbitrary.generate(caseRandom(1, 1), undefined);
  const shown = violation('count', 'CNT-20', 'count', 2, 3);
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
    const again = violation('count', 'CNT-20', 'count', 7, 9);
    expect(idOf(shown, ['a', 'b'])).to.equal(idOf(again, ['b', 'a']));
    expect(idOf(shown, ['a'])).to.not.equal(idOf(shown, ['b']));
    expect(idOf(shown, [])).to.not.equal(idOf(violation('leak', 'MSG-08', 'count', 2, 3), []));
  });

  it('are known again by a case that has all they need', () => {
    const book = new FindingBook();
    book.add(findingOf([...featuresOf([first])].slice(0, 1)));
    expect(book.known(shown, [first], { recent: [] })).to.not.equal(null);
    expect(book.known(violation('leak', 'MSG-08', 'count', 2, 3), [first], { recent: [] })).to.equal(null);
    const other = new FindingBook();
    other.add(findingOf(['something that no case has']));
    expect(other.known(shown, [first], { recent: [] })).to.equal(null);
  });

  it('of a CMID_prev that is the own one are known by a CMID of zeros, and shrink to the same', async () => {
    const nil = '00000000-0000-0000-0000-000000000000';
    const base = {
      level: 'message' as const,
      applications: ['a', 'b'] as const,
      canary: 1,
      steps: [GOOD_ASK],
    };
    const zeros: FuzzCase = { ...base, machines: [nil] };
    expect([...featuresOf([zeros])])
      .to.include('machine nil')
      .and.not.include('previous itself');
    expect([...shownBy([zeros])]).to.include.members(['machine nil', 'previous itself']);
    const isOwn = ([one]: readonly FuzzCase[]): boolean =>
      one!.steps.some(
        (step) =>
          step.kind === 'ask' &&
          (step.previous === step.machine || (step.previous === null && one!.machines[step.machine] === nil)),
      );
    const fails = (cases: readonly FuzzCase[]): Promise<boolean> => Promise.resolve(isOwn(cases));
    const budget = new ShrinkBudget({ tries: 100, milliseconds: 10_000 });
    const [simple] = await simplify([zeros], fails, budget);
    expect(simple!.machines[0]).to.not.equal(nil);
    expect(simple!.steps).to.deep.equal([{ ...GOOD_ASK, previous: 0 }]);
  });

  it('come back from their file', () => {
    const finding = findingOf(['x']);
    const read = readFindingFile(
      findingFileText(finding, { target: null, repeat: ['kmsspec'], evidence: [] }),
    );
    expect(read.kind).to.equal('read');
    const again = (read as { file: FindingFile }).file.finding;
    expect(caseToJson(again.cases[0]!)).to.deep.equal(caseToJson(finding.cases[0]!));
    expect({ ...again, cases: [] }).to.deep.equal({ ...finding, cases: [] });
  });
});
