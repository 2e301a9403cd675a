import { expect } from 'chai';
import { startLabHost } from '../harness/lab-host';
import { openTarget } from '../harness/target';
import { idsWith, runOn } from './testing/lab-run';
import { GOOD_HABITS, withHabit } from './testing/good-habits';

/** What a host's habits bear on, and enough counting to see that none of it is lost. */
const SELECTION = [
  ...['MSG', 'RPC', 'CNT-02', 'CNT-12', 'CNT-13', 'CNT-14', 'CNT-16', 'CACHE-05'],
  ...['TIME-05', 'TIME-09', 'ROB-01', 'ROB-04', 'ROB-05', 'ROB-06', 'ROB-12'],
];

describe('a good host that', function () {
  this.timeout(60_000);

  for (const habit of GOOD_HABITS) {
    it(`${habit.name} passes like any other`, async () => {
      const lab = await startLabHost({ seed: 5 });
      const relay = await withHabit(habit, lab.port);
      const target = await openTarget({ address: `127.0.0.1:${relay.port}` });
      try {
        const run = await runOn({ ...target, controls: lab.controls }, { ids: SELECTION });
        const others = run.results.filter(({ outcome }) => outcome !== 'passed');
        const told = others.map(({ id, message, reason }) => `${id}: ${message ?? reason}`);
        expect(told).to.deep.equal(['MSG-07: needs the key of the MAC: --mac-key FILE']);
        expect(idsWith('passed', run)).to.have.length.above(40);
        expect(
          run.results.flatMap(({ id, notes = [] }) => notes.map((note) => `${id} ${note}`)),
        ).to.deep.equal(habit.notes ?? []);
      } finally {
        await target.close();
        await relay.close();
        await lab.close();
      }
    });
  }
});
