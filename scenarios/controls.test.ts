import { expect } from 'chai';
import { KmsClient } from '../harness/client';
import { machineRequest } from '../harness/model/machine-request';
import { systemClock } from '../harness/support/clock';
import { type FaultName, type LabHost, startLabHost } from '../harness/lab-host';
import { Random } from '../harness/support/random';
import { ControlFailure, openTarget, type Target, type TargetControls } from '../harness/target';
import { idsWith, runOn } from './testing/lab-run';

const FRESH = ['CNT-01', 'CNT-02', 'CACHE-01'];

describe('controls of a host that is not embedded', () => {
  const open: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });

  async function setUp(
    controls: (lab: LabHost) => TargetControls,
    faults: readonly FaultName[] = [],
  ): Promise<Target> {
    const lab = await startLabHost({ faults });
    const target = await openTarget({ address: `127.0.0.1:${lab.port}` });
    open.push(
      () => lab.close(),
      () => target.close(),
    );
    return { ...target, controls: controls(lab) };
  }

  async function ask(target: Target, count: number): Promise<void> {
    const client = new KmsClient({ endpoint: target.endpoint });
    const random = new Random(78);
    for (let i = 0; i < count; i++) {
      await client.activate(machineRequest({ product: 'win7', random, clock: systemClock }));
    }
    await client.close();
  }

  for (const held of [50, 12, 0]) {
    it(`a reset that does nothing fails no requirement of a host that holds ${held}`, async () => {
      const target = await setUp(() => ({ reset: () => Promise.resolve() }));
      await ask(target, held);
      for (let run = 0; run < 2; run++) {
        const suite = await runOn(target, { ids: ['CNT', 'CACHE'] });
        expect(idsWith('failed', suite)).to.deep.equal([]);
        const cache = suite.results.find(({ id }) => id === 'CACHE-01')!;
        expect(cache.outcome).to.equal('inconclusive');
        expect(cache.reason).to.match(/^the control reset exited 0, but the host still counts \d+$/);
      }
    });
  }

  it('a restart serves in place of a reset that does nothing', async () => {
    const target = await setUp((lab) => ({
      reset: () => Promise.resolve(),
      restart: () => lab.controls.restart(),
    }));
    await ask(target, 50);
    expect(idsWith('passed', await runOn(target, { ids: FRESH }))).to.deep.equal(FRESH);
  });

  for (const [fault, id] of [
    ['counts-from-zero', 'CNT-01'],
    ['counts-itself', 'CNT-01'],
    ['count-stops-at-one', 'CNT-02'],
    ['counts-in-pairs', 'CNT-02'],
    ['counts-every-request', 'CNT-03'],
    ['no-cap', 'CACHE-01'],
  ] as const) {
    it(`a reset that works leaves ${fault} to be failed by ${id}`, async () => {
      const target = await setUp((lab) => ({ reset: () => lab.controls.reset() }), [fault]);
      await ask(target, 50);
      expect(idsWith('failed', await runOn(target, { ids: [id] }))).to.deep.equal([id]);
    });
  }

  it('a control that fails asks whether the host is alive, and a dead one ends the run', async () => {
    let lab: LabHost;
    let resets = 0;
    const reset = async (): Promise<void> => {
      // One for the check at the beginning, one scenario, and the host dies.
      if (++resets === 3) await lab.close();
      if (resets >= 3) throw new ControlFailure('reset', ['ctl'], 'ended with exit code 3', 'ECONNREFUSED');
      await lab.controls.reset();
    };
    const target = await setUp((host) => {
      lab = host;
      return { reset };
    });
    const suite = await runOn(target, { ids: ['CNT'] });
    expect(suite.ended.how).to.equal('target-died');
    expect(resets).to.equal(3);
    const [failed] = suite.results.filter(({ outcome }) => outcome === 'failed');
    expect(failed!.message).to.match(/answers no request any more.*exit code 3: ECONNREFUSED/);
    expect(idsWith('inconclusive', suite)).to.deep.equal([]);
    expect(idsWith('passed', suite)).to.have.length(1);
    expect(idsWith('not-run', suite).length).to.be.above(5);
  });

  it('a control that fails on a host that is alive leaves what needs it inconclusive', async () => {
    const target = await setUp(() => ({
      reset: () => Promise.reject(new ControlFailure('reset', ['ctl'], 'ended with exit code 3', '')),
    }));
    const suite = await runOn(target, { ids: ['CNT-01', 'MSG-01'] });
    expect([idsWith('inconclusive', suite), idsWith('passed', suite)]).to.deep.equal([
      ['CNT-01'],
      ['MSG-01'],
    ]);
  });
});
