import { expect } from 'chai';
import { caseToJson } from '../case';
import { caseArbitrary } from '../generate/case-arbitrary';
import { featuresOf, FindingBook, type Finding, findingFromJson, findingToJson, idOf } from './finding';
import { caseRandom } from '../generate/seeding';
import { violation } from '../judge/violation';

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
