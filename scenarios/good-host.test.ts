import { expect } from 'chai';
import { KEY_GROUPS } from '../protocol';
import { PROFILES } from '../harness/model/profile';
import type { SuiteOutcome } from '../harness/jobs/suite/run-suite';
import { CATALOGUE } from './catalogue';
import { idsWith, runOnLab } from './testing/lab-run';

/** What a lab host cannot show without more of a configuration, or has no scenario for. */
const NEEDS_MORE = CATALOGUE.filter(
  ({ id, noScenario, slow }) =>
    noScenario !== undefined || slow === true || /^(KEY|DNS|LIFE)-/.test(id) || id === 'TIME-04',
).map(({ id }) => id as string);

function expectAllHolds(run: SuiteOutcome, ids: readonly string[]): void {
  const failures = run.results.filter(({ outcome }) => outcome === 'failed' || outcome === 'inconclusive');
  expect(failures.map(({ id, message, reason }) => `${id}: ${message ?? reason}`)).to.deep.equal([]);
  expect(run.ended.how).to.equal('complete');
  expect(run.warnings).to.deep.equal([]);
  expect(idsWith('passed', run)).to.include.members(ids.filter((id) => !NEEDS_MORE.includes(id)));
}

describe('a host without faults', function () {
  this.timeout(60_000);

  for (const profile of Object.values(PROFILES)) {
    for (const ndr64 of [true, false]) {
      it(`passes all that can be checked, as ${profile.name}, ${ndr64 ? 'preferring' : 'without'} NDR64`, async () => {
        const run = await runOnLab({ profile, lab: { ndr64 } });
        const checkable = CATALOGUE.map(({ id }) => id as string);
        if (!ndr64) expect(run.results.find(({ id }) => id === 'RPC-19')!.outcome).to.equal('inconclusive');
        const results = run.results.filter(({ id }) => ndr64 || id !== 'RPC-19');
        const ids = checkable.filter((id) => ndr64 || id !== 'RPC-19');
        expectAllHolds({ ...run, results }, ids);
      });
    }
  }

  it('passes with budgets, a clock that is checked, and slow scenarios', async () => {
    const run = await runOnLab({
      ids: ['TIME-04', 'TIME-07', 'TIME-08', 'ROB-13', 'ROB-14'],
      lab: { checkClock: true, idleCloseSeconds: 1 },
      budgets: { p99Ms: 2000, rate: 100, idleCloseSeconds: 1 },
    });
    expect(idsWith('passed', run)).to.have.members(['TIME-04', 'TIME-07', 'TIME-08', 'ROB-13', 'ROB-14']);
    const clock = run.results.find(({ id }) => id === 'TIME-07')!;
    expect(clock.notes).to.deep.equal(['refuses a clock that is 12 hours off']);
  });

  for (const keyGroup of KEY_GROUPS) {
    it(`with a key of ${keyGroup} passes or leaves open, and shows what its key grants`, async () => {
      const run = await runOnLab({ keyGroup, ids: ['KEY', 'MSG', 'CNT', 'TIME-02', 'ROB-06'] });
      expect(idsWith('failed', run)).to.deep.equal([]);
      expect(idsWith('passed', run)).to.include.members(['KEY-08', 'KEY-09', 'KEY-12', 'MSG-01', 'ROB-06']);
      for (const { outcome, reason } of run.results.filter(({ outcome }) => outcome === 'inconclusive')) {
        expect(reason, outcome).to.match(/^the host's key grants no /);
      }
    });
  }
});
