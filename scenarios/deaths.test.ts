import { expect } from 'chai';
import { type FaultName, type LabHost, startLabHost } from '../harness/lab-host';
import { ControlFailure, openTarget, type TargetControls } from '../harness/target';
import type { SuiteOutcome } from '../harness/jobs/suite/run-suite';
import { idsWith, type LabRun, runOn } from './testing/lab-run';

const TIMEOUT_MS = 600;

/** A lab host with faults, beside the wire only `controls`. */
async function against(
  faults: readonly FaultName[],
  controls: (lab: LabHost) => TargetControls,
  run: LabRun,
): Promise<SuiteOutcome> {
  const lab = await startLabHost({ faults });
  const target = await openTarget({ address: `127.0.0.1:${lab.port}` });
  try {
    return await runOn({ ...target, controls: controls(lab) }, { timeoutMs: TIMEOUT_MS, ...run });
  } finally {
    await target.close();
    await lab.close();
  }
}

const all = ({ controls }: LabHost): TargetControls => controls;
const messageOf = (run: SuiteOutcome, id: string): string =>
  run.results.find((result) => result.id === id)?.message ?? '';

describe('a host that dies of a scenario', function () {
  this.timeout(60_000);

  it('has failed it, is restarted, and the rest is told', async () => {
    const run = await against(['dies-of-silence'], all, { ids: ['ROB-0?', 'CNT-0?'] });
    expect(run.ended.how).to.equal('complete');
    expect(run.ended.diedIn).to.deep.equal(['ROB-01']);
    expect(messageOf(run, 'ROB-01')).to.match(
      /^sent [^;]*; the host died meanwhile: nothing listens on its port any more \(.*\)$/,
    );
    expect(idsWith('not-run', run)).to.deep.equal([]);
    expect(idsWith('passed', run)).to.include.members(['ROB-02', 'ROB-09', 'CNT-01', 'CNT-09']);
  });

  it('three times in a row by three scenarios has failed three', async () => {
    const faults = ['dies-of-silence', 'dies-of-reset'] as const;
    const run = await against(faults, all, { ids: ['ROB-01', 'ROB-12', 'ROB-13', 'CNT-01'] });
    expect(run.ended.diedIn).to.have.members(['ROB-01', 'ROB-12', 'ROB-13']);
    expect(idsWith('failed', run)).to.deep.equal(['ROB-01', 'ROB-12', 'ROB-13']);
    expect(idsWith('passed', run)).to.deep.equal(['CNT-01']);
    expect(run.ended.how).to.equal('complete');
  });

  it('among scenarios that run beside one another is tried with each alone, and one of them told', async () => {
    const run = await against(['hangs-on-high-context'], all, { ids: ['RPC', 'MSG-01', 'MSG-02'] });
    expect(run.ended.how).to.equal('complete');
    expect(run.ended.diedIn).to.deep.equal(['RPC-07']);
    expect(idsWith('not-run', run)).to.deep.equal([]);
    expect(idsWith('passed', run)).to.include.members(['MSG-01', 'MSG-02', 'RPC-01', 'RPC-06', 'RPC-15']);
  });

  it('and cannot be restarted has failed, and what is left is not-run', async () => {
    const resetOnly = ({ controls }: LabHost): TargetControls => ({ reset: () => controls.reset() });
    const run = await against(['dies-of-silence'], resetOnly, { ids: ['ROB-0?', 'CNT-0?'] });
    expect(run.ended.how).to.equal('target-died');
    expect(run.ended.diedIn).to.deep.equal(['ROB-01']);
    expect(idsWith('not-run', run).length).to.be.above(3);
  });

  it('and whose restart fails ends the run, with what the control said', async () => {
    const restart = (): Promise<void> =>
      Promise.reject(new ControlFailure('restart', ['ctl'], 'ended with exit code 1', 'no such unit'));
    const run = await against(['dies-of-silence'], (lab) => ({ ...lab.controls, restart }), {
      ids: ['ROB-0?'],
    });
    expect(run.ended.how).to.equal('target-died');
    expect(run.ended.message).to.match(/during ROB-01, and the control restart \(ctl\).*no such unit/);
  });

  it('but not one that was gone before it was asked: that is restarted, and asked again', async () => {
    const lab = await startLabHost({});
    const target = await openTarget({ address: `127.0.0.1:${lab.port}` });
    const successors: LabHost[] = [];
    let resets = 0;
    const controls: TargetControls = {
      reset: async () => {
        if (++resets === 4) {
          await lab.close();
          throw new ControlFailure('reset', ['ctl'], 'found nobody', '');
        }
        await (successors.at(-1) ?? lab).controls.reset();
      },
      restart: async () => void successors.push(await startLabHost({ port: lab.port })),
    };
    const run = await runOn({ ...target, controls }, { ids: ['CNT-0?'], timeoutMs: TIMEOUT_MS });
    expect(run.ended.how).to.equal('complete');
    expect(run.ended.diedIn).to.deep.equal([]);
    expect(idsWith('failed', run)).to.deep.equal([]);
    expect(idsWith('passed', run)).to.have.length(9);
    expect(run.warnings.join()).to.match(/^the host was gone before CNT-0\d and was restarted$/);
    await Promise.all(successors.map((one) => one.close()));
    await target.close();
  });
});
