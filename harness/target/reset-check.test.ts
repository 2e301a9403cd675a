import { expect } from 'chai';
import { KmsClient } from '../client';
import { machineRequest } from '../model/machine-request';
import { systemClock } from '../support/clock';
import { type FaultName, type LabHost, startLabHost } from '../lab-host';
import { Random } from '../support/random';
import { emptyTarget } from './reset-check';
import { ControlFailure, openTarget, type Target } from '.';

describe('emptyTarget', () => {
  let lab: LabHost;
  let target: Target;
  let resets = 0;
  const random = (): Random => new Random(9);
  const example = machineRequest({ product: 'win7', random: random(), clock: systemClock });

  async function setUp(
    reset: (lab: LabHost) => Promise<void>,
    faults: readonly FaultName[] = [],
  ): Promise<void> {
    lab = await startLabHost({ faults });
    const named = await openTarget({ address: `127.0.0.1:${lab.port}`, timeoutMs: 5000 });
    resets = 0;
    target = { ...named, controls: { reset: () => (resets++, reset(lab)) } };
  }
  afterEach(() => lab.close());

  /** What one more machine is told. */
  async function countOfNext(seed: number): Promise<number> {
    const client = new KmsClient({ endpoint: target.endpoint });
    const request = machineRequest({ product: 'win7', random: new Random(seed), clock: systemClock });
    const { answer } = await client.activate(request);
    await client.close();
    return answer?.kind === 'response' ? answer.value.currentClientCount : -1;
  }

  async function hold(machines: number): Promise<void> {
    for (let seed = 100; seed < 100 + machines; seed++) await countOfNext(seed);
  }

  for (const held of [0, 3, 12, 50]) {
    it(`empties a host that holds ${held}, of the machines that looked too`, async () => {
      await setUp((host) => host.controls.reset());
      await hold(held);
      expect(await emptyTarget(target, example, random())).to.equal(null);
      expect(await countOfNext(1)).to.equal(1);
    });

    it(`tells a reset that leaves the ${held} of a host where they are`, async () => {
      await setUp(() => Promise.resolve());
      await hold(held);
      expect(await emptyTarget(target, example, random())).to.match(
        /^the control reset exited 0, but the host still counts \d+$/,
      );
      // What looked is not sent again: one reset is enough to see that it does nothing.
      expect(resets).to.equal(1);
    });
  }

  it('takes a host for emptied that answers everybody the same', async () => {
    await setUp((host) => host.controls.reset(), ['count-stops-at-one']);
    expect(await emptyTarget(target, example, random())).to.equal(null);
  });

  it('looks with requests that the host refuses, and then can tell nothing', async () => {
    lab = await startLabHost({ keyGroup: 'office2010' });
    const named = await openTarget({ address: `127.0.0.1:${lab.port}` });
    target = { ...named, controls: { reset: () => Promise.resolve() } };
    expect(await emptyTarget(target, example, random())).to.equal(null);
  });

  it('resets a host that does not answer, and leaves that to the run', async () => {
    await setUp(() => Promise.resolve());
    await lab.close();
    expect(await emptyTarget(target, example, random())).to.equal(null);
    expect(resets).to.equal(1);
  });

  it('fails where the control does', async () => {
    await setUp(() => Promise.reject(new ControlFailure('reset', ['ctl'], 'ended with exit code 3', '')));
    let failure: unknown;
    await emptyTarget(target, example, random()).catch((error: unknown) => (failure = error));
    expect(failure).to.be.instanceOf(ControlFailure);
  });
});
