import { expect } from 'chai';
import { idsWith, runOnLab } from '../../../scenarios/testing/lab-run';

describe('an embedded host that grants every product', function () {
  this.timeout(30_000);

  it('is tried with a key of each group: all of the suite KEY is checked', async () => {
    const outcome = await runOnLab({ ids: ['KEY', 'MSG-01'] });
    expect(idsWith('passed', outcome)).to.have.length(13);
    expect(outcome.ended.how).to.equal('complete');
  });

  it('is not where a group was chosen', async () => {
    const chosen = await runOnLab({ ids: ['KEY'], keyGroup: 'vista' });
    expect(idsWith('untestable', chosen)).to.include.members(['KEY-02', 'KEY-03', 'KEY-04']);
    expect(idsWith('passed', chosen)).to.include.members(['KEY-01', 'KEY-05']);
    const any = await runOnLab({ ids: ['KEY-01'], keyGroup: 'any' });
    expect(idsWith('untestable', any)).to.deep.equal(['KEY-01']);
  });

  it('fails by one key alone, and says by which', async () => {
    const { results } = await runOnLab({ ids: ['KEY'], faults: ['group-a-taken-for-b'] });
    const failed = results.filter(({ outcome }) => outcome === 'failed');
    expect(failed.map(({ id }) => id)).to.deep.equal(['KEY-06']);
    expect(failed[0]!.message).to.match(/^with a key of the group 2008-a: sent /);
    expect(failed[0]!.evidence).to.not.be.empty;
  });

  it('ends with the run: what was not tried is told as not run', async () => {
    const outcome = await runOnLab({ ids: ['KEY'], signal: AbortSignal.abort() });
    expect(idsWith('not-run', outcome)).to.have.length(12);
    expect(outcome.ended.how).to.equal('interrupted');
  });
});
