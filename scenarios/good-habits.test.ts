import { expect } from 'chai';
import { PROFILES } from '../harness/model/profile';
import { idsWith } from './testing/lab-run';
import { accusationsOf, runAgainst } from './testing/habit-run';
import { QUICK_STRANGERS } from './testing/strangers';

/** One pair a habit: it and the one so many places behind it. All pairs: `npm run habits`. */
const STRIDE = 7;

describe('a good host that', function () {
  this.timeout(180_000);
  const [usual, vista] = [PROFILES['win7-2008r2'], PROFILES['vista-2008']];

  QUICK_STRANGERS.forEach((habit, index) => {
    it(`${habit.name}: passes like any other with controls, and is not accused without`, async () => {
      // One profile each way round; `npm run habits` has all of them.
      const [one, other] = index % 2 === 0 ? [usual, vista] : [vista, usual];
      const controlled = await runAgainst([habit], { controls: true, profile: one });
      expect(accusationsOf(controlled)).to.deep.equal([]);
      const open = controlled.results.filter(({ outcome }) => outcome === 'inconclusive');
      expect(open.map(({ id, reason }) => `${id}: ${reason}`)).to.deep.equal([]);
      if (habit.relay?.notes !== undefined) {
        const notes = controlled.results.flatMap(({ id, notes = [] }) =>
          notes.map((note) => `${id} ${note}`),
        );
        expect(notes).to.include.members(habit.relay.notes as string[]);
      }
      const blind = await runAgainst([habit], { controls: false, profile: other });
      expect(accusationsOf(blind)).to.deep.equal([]);
      expect(idsWith('passed', blind)).to.have.length.above(22);
    });
  });

  for (let i = 0; i < QUICK_STRANGERS.length; i += 3) {
    const pair = [QUICK_STRANGERS[i]!, QUICK_STRANGERS[(i + STRIDE) % QUICK_STRANGERS.length]!];
    it(`has two habits is not accused: ${pair.map(({ name }) => name).join(' + ')}`, async () => {
      const run = await runAgainst(pair, { controls: i % 2 === 0, profile: usual });
      expect(accusationsOf(run)).to.deep.equal([]);
    });
  }
});
