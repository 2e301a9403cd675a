import { expect } from 'chai';
import { DEFAULT_PROFILE } from '../../model/profile';
import { expectEvidence, withLabTarget } from '../testing/lab-target';
import { type FleetPlan, runFleet } from './fleet-job';
import type { FleetAnswer } from './result';

const plan = (count: number): FleetPlan => ({
  days: 1,
  groups: [{ name: 'client', product: 'win7', count, arrivals: { overHours: 1 } }],
  hosts: [{}],
  seed: 7,
});

describe('a fleet as a job', () => {
  it('judges the hosts of this process, lab hosts and the model alike', async () => {
    for (const inProcess of ['lab', 'model'] as const) {
      const { results, result, twin, ended } = await runFleet(plan(30), {
        inProcess,
        profile: DEFAULT_PROFILE,
      });
      expect(results[0]).to.include({ id: 'FLEET', outcome: 'passed' }).and.not.have.property('evidence');
      expect([result.activated, twin.activated, ended]).to.deep.equal([30, 30, undefined]);
    }
  });

  it('has the exchange whose count is wrong as evidence, over TCP', async () => {
    const answers: FleetAnswer[] = [];
    const outcome = await withLabTarget({ faults: ['count-stops-at-one'] }, (target) =>
      runFleet(plan(8), { target }, { onAnswer: (answer) => answers.push(answer) }),
    );
    const evidence = expectEvidence(outcome, /client \d+ received 1/);
    expect(evidence.filter(({ note }) => note !== undefined)).to.have.length(1);
    expect(answers.every(({ exchange }) => exchange?.pdus.sent.length === 1)).to.equal(true);
  });

  it('has what was sent as evidence where the host gives no answer', async () => {
    const outcome = await withLabTarget({ faults: ['one-call-then-deaf'] }, (target) =>
      runFleet({ ...plan(3), days: 0.05 }, { target }, { keep: true }),
    );
    const evidence = expectEvidence(outcome, /requests got no answer/);
    const noted = evidence.find(({ note }) => note !== undefined);
    expect(noted?.direction).to.equal('sent');
    expect(noted?.note).to.match(/^client \d: 127\.0\.0\.1/);
  });

  it('refuses several hosts over TCP', async () => {
    const several = { ...plan(3), hosts: [{}, {}] };
    await withLabTarget({}, async (target) => {
      const refused = await runFleet(several, { target }).catch((error: Error) => error.message);
      expect(refused).to.match(/several hosts/);
    });
  });
});
