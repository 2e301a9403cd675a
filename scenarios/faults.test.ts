import { expect } from 'chai';
import { FAULTS } from '../harness/lab-host';
import { CATALOGUE } from './catalogue';
import { runWithFault } from './testing/lab-run';
import { messageProblems } from './testing/message-rules';

const shallow = FAULTS.filter(({ deep }) => deep === undefined);

describe('faults', function () {
  this.timeout(60_000);

  it('are at least 70, each named once', () => {
    expect(new Set(shallow.map(({ name }) => name)).size)
      .to.equal(shallow.length)
      .and.at.least(70);
  });

  it('name requirements that the catalogue has, at least one each', () => {
    const ids = new Set<string>(CATALOGUE.map(({ id }) => id));
    for (const { name, requirements } of shallow) {
      expect(requirements, name).to.not.be.empty;
      expect(
        requirements.filter((id) => !ids.has(id)),
        name,
      ).to.deep.equal([]);
    }
  });

  for (const fault of shallow) {
    it(`${fault.name} is caught by ${fault.requirements.join(', ')}`, async () => {
      for (const id of fault.requirements) {
        const { results } = await runWithFault(fault, [id]);
        expect(results[0]!.outcome, `${id}: ${results[0]!.reason}`).to.equal('failed');
        expect(messageProblems(results[0]!.message!), results[0]!.message).to.deep.equal([]);
      }
    });
  }
});
