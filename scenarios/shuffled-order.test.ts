import { expect } from 'chai';
import type { SuiteOutcome } from '../harness/jobs/suite/run-suite';
import { CATALOGUE } from './catalogue';
import { runOnLab } from './testing/lab-run';

/** Scenarios that wait, which tell nothing of profiles and keys. */
const QUICK = CATALOGUE.filter(({ id }) => id !== 'TIME-06').map(({ id }) => id);

/** A hundred orders are `npm run shuffle`. */
const SEEDS = [100, 101, 102];

describe('a host without faults, in another order', function () {
  this.timeout(120_000);

  it('comes to the same outcomes', async () => {
    const outcomesOf = ({ results }: SuiteOutcome) => results.map(({ id, outcome }) => `${id} ${outcome}`);
    const first = outcomesOf(await runOnLab({ ids: QUICK }));
    for (const seed of SEEDS) {
      const run = await runOnLab({ ids: QUICK, shuffle: true, seed });
      expect(outcomesOf(run), `seed ${seed}`).to.deep.equal(first);
    }
  });
});
