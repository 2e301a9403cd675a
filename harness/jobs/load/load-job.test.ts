import { expect } from 'chai';
import { openTarget } from '../../target';
import { expectEvidence, withLabTarget } from '../testing/lab-target';
import { type LoadJobPlan, runLoad } from './load-job';

const SMALL: LoadJobPlan = {
  rate: { from: 100, to: 100 },
  durationMs: 400,
  machines: 60,
  connections: 4,
  threads: 0,
  seed: 7,
};

describe('a load as a job', () => {
  it('passes where every answer is a count that the model allows', async () => {
    const { results, sections, ended } = await withLabTarget({}, (target) => runLoad(SMALL, { target }));
    expect(results[0]).to.include({ id: 'LOAD', outcome: 'passed' }).and.not.have.property('evidence');
    expect(sections.latency.requests).to.equal(40);
    expect(ended).to.equal(undefined);
  });

  for (const threads of [0, 2]) {
    it(`has the first exchange of each kind of failure as evidence, ${threads} threads`, async () => {
      const outcome = await withLabTarget({ faults: ['count-stops-at-one'] }, (target) =>
        runLoad({ ...SMALL, threads }, { target }),
      );
      const evidence = expectEvidence(outcome, /counts are wrong; the first: a count of 1/);
      expect(evidence.some(({ note }) => note?.startsWith('a count of 1') === true)).to.equal(true);
    });
  }

  it('has the refusals of a product as evidence', async () => {
    const outcome = await withLabTarget({ keyGroup: 'vista' }, (target) => runLoad(SMALL, { target }));
    const evidence = expectEvidence(outcome, /40 of 40 requests failed: 40 refused: 0xC004F042/);
    expect(evidence.find(({ note }) => note !== undefined)?.note).to.match(/^refused: 0xC004F042/);
  });

  it('is not run where nobody is there, and tells the failure itself', async () => {
    const target = await openTarget({ address: '127.0.0.1:1' });
    const { results, ended } = await runLoad({ ...SMALL, durationMs: 100 }, { target });
    expect(results[0]).to.include({ outcome: 'not-run' });
    expect(ended?.how).to.equal('target-unreachable');
    expect(ended?.failure?.message).to.match(/refused the connection/);
  });
});
