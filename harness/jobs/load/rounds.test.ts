import { expect } from 'chai';
import { OVERLAP_FAULTS } from '../../lab-host/faults/overlap';
import { HABITS } from '../../lab-host/habits/habits';
import { openTarget } from '../../target';
import { withLabTarget } from '../testing/lab-target';
import { runLoad } from './load-job';
import { runRounds } from './rounds';

/** One round. */
const ROUND = { durationMs: 1, seed: 3, connections: 32 };

describe('a load in rounds', () => {
  it('finds an order for a good host, and one that puts all applications into one table', async () => {
    for (const lab of [{}, { habits: ['counts-unknown-applications-as-windows'] as never[] }]) {
      const { results, ended } = await withLabTarget(lab, (target) =>
        runRounds({ ...ROUND, durationMs: 300 }, { target }),
      );
      expect(results[0]).to.include({ id: 'ORDER', outcome: 'passed' });
      expect(ended).to.equal(undefined);
    }
  });

  // Those that are slow over each answer would take minutes of a round.
  for (const { name } of HABITS.filter(({ name: each }) => !/takes-/.test(each))) {
    it(`accuses no good host: ${name}`, async () => {
      const { results } = await withLabTarget({ habits: [name] }, (target) => runRounds(ROUND, { target }));
      expect(results[0]!.outcome, results[0]!.message).to.be.oneOf(['passed', 'not-run']);
    });
  }

  for (const { name } of OVERLAP_FAULTS) {
    it(`finds ${name} in one round, and says what would have been possible`, async () => {
      const { results } = await withLabTarget({ faults: [name] }, (target) => runRounds(ROUND, { target }));
      expect(results[0]).to.include({ id: 'ORDER', outcome: 'failed' });
      expect(results[0]!.message).to.match(
        /^no order of \d+ overlapping requests gives .* would have been possible/,
      );
      expect(results[0]!.evidence).to.not.have.length(0);
    });
  }

  it('needs a reset', async () => {
    const target = await openTarget({ address: '127.0.0.1:1' });
    const failure = await runRounds(ROUND, { target }).catch((error: Error) => error);
    expect((failure as Error).message).to.match(/controls\.reset/);
    await target.close();
  });
});

describe('the order of a load', () => {
  const PLAN = { rate: null, durationMs: 300, mode: 'kept', machines: 200, connections: 8, seed: 5 } as const;

  for (const threads of [0, 2]) {
    it(`is found for a good host, ${threads} threads`, async () => {
      const { results, result } = await withLabTarget({}, (target) =>
        runLoad({ ...PLAN, threads }, { target }),
      );
      expect(results.map(({ id, outcome }) => [id, outcome])).to.deep.equal([
        ['LOAD', 'passed'],
        ['ORDER', 'passed'],
      ]);
      expect(result.history!.judged).to.equal(result.answered);
    });
  }

  it('is not found where two clients that ask at once are told the same', async () => {
    const { results } = await withLabTarget({ faults: ['same-count-twice'] }, (target) =>
      runLoad({ ...PLAN, threads: 0 }, { target }),
    );
    expect(results[1]).to.include({ id: 'ORDER', outcome: 'failed' });
  });

  it('is not asked for where others may have asked the host before', async () => {
    const { results } = await withLabTarget({}, (target) =>
      runLoad(
        { ...PLAN, durationMs: 100, threads: 0 },
        { target, initialState: { isFresh: false, problem: null } },
      ),
    );
    expect(results.map(({ id }) => id)).to.deep.equal(['LOAD']);
  });
});
