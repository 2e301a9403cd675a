import { expect } from 'chai';
import { type FaultName, FAULTS, startLabHost } from '../harness/lab-host';
import { openTarget } from '../harness/target';
import type { SuiteOutcome } from '../harness/jobs/suite/run-suite';
import { accusationsOf } from './testing/habit-run';
import { idsWith, type LabRun, runOn } from './testing/lab-run';
import { Others } from './testing/others';

/** What cannot be seen without a control. */
const NEEDS_CONTROL = /^CACHE-(07|08|09|10|11|12|13|14)$/;

/** Faults of counting and cache, one of each kind, that are seen without any control: all of them are in docs/kill-matrix.md. */
const CAUGHT: readonly FaultName[] = [
  ...(['evicts-lowest-cmid', 'renewal-keeps-place', 'counts-in-pairs', 'counts-from-zero'] as const),
  ...(['no-cap', 'count-byte-order', 'cap-49', 'capacity-always-50', 'shrinking-cache'] as const),
  ...(['threshold-of-50', 'servers-count-half', 'renewal-lost-at-once', 'one-less-at-37'] as const),
];
const SHUFFLED = ['CNT', 'CACHE', 'MSG', 'RPC-19', 'RPC-20', 'RPC-29', 'ROB-07', 'TIME-07'];
/** Hosts at once: much of the time goes by watching whether a count moves. */
const AT_ONCE = 4;

/** Runs against a lab host of its own, without a control, as most people have theirs. */
async function blind(
  faults: readonly FaultName[],
  ids: readonly string[],
  run: LabRun = {},
): Promise<SuiteOutcome> {
  const lab = await startLabHost({ faults });
  const target = await openTarget({ address: `127.0.0.1:${lab.port}` });
  try {
    return await runOn(target, { ...run, ids });
  } finally {
    await target.close();
    await lab.close();
  }
}

const told = ({ results }: SuiteOutcome): string[] =>
  results
    .filter(({ outcome }) => outcome !== 'passed')
    .map(({ id, message, reason }) => `${id}: ${message ?? reason}`);

describe('a run without controls', function () {
  this.timeout(120_000);

  it('sees in the one life of a new host all that can be seen', async () => {
    const run = await blind([], ['CNT', 'CACHE']);
    expect(idsWith('failed', run), told(run).join('\n')).to.deep.equal([]);
    const ids = run.results.map(({ id }) => id).filter((id) => !NEEDS_CONTROL.test(id));
    expect(idsWith('passed', run), told(run).join('\n')).to.have.members(ids);
  });

  for (let i = 0; i < CAUGHT.length; i += AT_ONCE) {
    const some = CAUGHT.slice(i, i + AT_ONCE);
    it(`sees ${some.join(', ')}`, async () => {
      const runs = await Promise.all(some.map((fault) => blind([fault], ['CNT', 'CACHE'])));
      for (const [at, fault] of some.entries()) {
        const { requirements } = FAULTS.find(({ name }) => name === fault)!;
        const run = runs[at]!;
        const failed = idsWith('failed', run);
        const caughtBy = requirements.filter((id) => failed.includes(id));
        expect(caughtBy, `${fault}: ${told(run).join('\n')}`).to.not.be.empty;
        expect(told(run).join('\n'), fault).to.not.match(/others use the host/);
      }
    });
  }

  for (const [id, seed] of [
    ['CNT-09', 3],
    ['CNT-20', 4],
    ['CNT-17', 5],
    ['CACHE-05', 6],
    ['CNT-04', 7],
  ] as const) {
    it(`sees ${id} when it is asked for alone`, async () => {
      const run = await blind([], [id], { seed });
      expect(idsWith('passed', run), told(run).join('\n')).to.deep.equal([id]);
    });
  }

  it('shows what was sent on the journey in the failure of each scenario that looks at it', async () => {
    const run = await blind(['capacity-always-50'], ['CACHE-01', 'CNT-20']);
    for (const { id, message, evidence = [] } of run.results) {
      expect(message, id).to.match(/^sent a request of server \d+ /);
      expect(
        evidence.map(({ pdu }) => pdu),
        id,
      ).to.include.members(['request', 'response']);
    }
  });

  for (const seed of [11, 12]) {
    it(`accuses no good host, shuffled by the seed ${seed}; a hundred of them: npm run seeds`, async () => {
      const run = await blind([], SHUFFLED, { seed, shuffle: true });
      expect(accusationsOf(run)).to.deep.equal([]);
      const ids = run.results.map(({ id }) => id).filter((id) => /^(CNT|CACHE)-/.test(id));
      const seen = ids.filter((id) => !NEEDS_CONTROL.test(id));
      expect(idsWith('passed', run), told(run).join('\n')).to.include.members(seen);
    });
  }

  it('says of a host that was filled before that it is not new, and fails nothing', async () => {
    const lab = await startLabHost({});
    const target = await openTarget({ address: `127.0.0.1:${lab.port}` });
    await runOn(target, { ids: ['CACHE-02'] });
    const run = await runOn(target, { ids: ['CNT', 'CACHE'], seed: 2 });
    expect(idsWith('failed', run), told(run).join('\n')).to.deep.equal([]);
    expect(idsWith('inconclusive', run)).to.include.members(['CACHE-01', 'CACHE-05', 'CNT-08']);
    await target.close();
    await lab.close();
  });

  for (const everyMs of [20, 300]) {
    it(`accuses no host that another client asks every ${everyMs} ms`, async () => {
      const lab = await startLabHost({});
      const target = await openTarget({ address: `127.0.0.1:${lab.port}` });
      const others = new Others(target);
      others.start(everyMs);
      const run = await runOn(target, { ids: ['CNT', 'CACHE'] });
      await others.stop();
      await target.close();
      await lab.close();
      expect(idsWith('failed', run), told(run).join('\n')).to.deep.equal([]);
    });
  }
});
