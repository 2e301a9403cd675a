import { expect } from 'chai';
import type { FaultName } from '../harness/lab-host';
import { PROFILES } from '../harness/model/profile';
import { idsWith, runOnLab } from './testing/lab-run';

/** Hosts that a fleet over months shows to be wrong, and the requirements that must say so. */
const CAUGHT: readonly (readonly [FaultName, readonly string[]])[] = [
  ['cap-below-threshold', ['LIFE-01', 'LIFE-03']],
  ['expires-after-a-week', ['LIFE-02']],
  ['cap-49', ['LIFE-02']],
  ['never-expires', ['LIFE-03']],
  ['servers-apart', ['LIFE-04', 'LIFE-05']],
  ['no-cap', ['LIFE-05']],
];

describe('fleets over virtual months', function () {
  this.timeout(120_000);

  for (const profile of Object.values(PROFILES)) {
    it(`hold against a good host of ${profile.name}`, async () => {
      const suite = await runOnLab({ ids: ['LIFE'], profile });
      expect(idsWith('passed', suite)).to.deep.equal(['LIFE-01', 'LIFE-02', 'LIFE-03', 'LIFE-04', 'LIFE-05']);
    });
  }

  for (const [fault, ids] of CAUGHT) {
    it(`catch ${fault} by ${ids.join(', ')}`, async () => {
      const suite = await runOnLab({ ids, faults: [fault] });
      expect(idsWith('failed', suite)).to.deep.equal(ids);
    });
  }

  it('end at the first answer that is no count, and have failed', async () => {
    const before = performance.now();
    const suite = await runOnLab({ ids: ['LIFE'], faults: ['pid-size-less-nul'] });
    expect(idsWith('failed', suite)).to.deep.equal(['LIFE-01', 'LIFE-02', 'LIFE-03', 'LIFE-04', 'LIFE-05']);
    expect(suite.results[0]!.message).to.match(
      /expected a response with a count, received an answer that does not decode/,
    );
    expect(performance.now() - before).to.be.below(10_000);
  });

  it('are given up where the host makes machines ask every 2 hours', async () => {
    const suite = await runOnLab({ ids: ['LIFE-05'], faults: ['intervals-swapped'] });
    for (const { outcome, reason } of suite.results) {
      expect(outcome).to.equal('inconclusive');
      expect(reason).to.match(/asks? too often to live for 60 days: \d+ requests in \d+ hours/);
    }
  });
});
