import { expect } from 'chai';
import type { FaultName } from '../harness/lab-host';
import { type LabHost, startLabHost } from '../harness/lab-host';
import { startControlServer } from '../harness/lab-host/control';
import type { HostCounters } from '../harness/model/host-counters';
import { PROFILES } from '../harness/model/profile';
import { openTarget, type Target } from '../harness/target';
import type { KeyGroupSetting } from '../protocol';
import { idsWith, runOn, runOnLab } from './testing/lab-run';

const ALL = ['OBS-01', 'OBS-02', 'OBS-03'];

/** Prints what `slmgr /dlv` would of the lab host behind a control port: it stands for the counters of a Windows host. */
const SLMGR = `
  const socket = require('node:net').connect(Number(process.argv[1]), '127.0.0.1', () => socket.write(process.argv[2] + ' status\\n'));
  let text = '';
  socket.setEncoding('utf8').on('data', (part) => (text += part)).on('end', () => {
    const own = JSON.parse(text.slice(3));
    console.log(\`Name: Windows Server(R), ServerStandard edition
Key Management Service is enabled on this computer
    Current count: \${own.currentCount}
    Listening on Port: 1688
Key Management Service cumulative requests received from clients
    Total requests received: \${own.totalRequests}
    Failed requests received: \${own.failedRequests}
    Requests with License Status Unlicensed: \${own.unlicensedRequests}
    Requests with License Status Licensed: \${own.licensedRequests}
    Requests with License Status Initial grace period: \${own.oobGraceRequests}
    Requests with License Status License expired or Hardware out of tolerance: \${own.ootGraceRequests}
    Requests with License Status Non-genuine grace period: \${own.nonGenuineGraceRequests}
    Requests with License Status Notification: \${own.notificationRequests}\`);
  });`;

describe("the host's own counters", function () {
  this.timeout(60_000);

  const open: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });

  /** A host that tells its counters by a script. */
  async function windowsLike(faults: readonly FaultName[] = []): Promise<Target> {
    const lab = await startLabHost({ faults });
    const control = await startControlServer(lab, 0);
    const observe = [process.execPath, '-e', SLMGR, String(control.port), control.token];
    const target = await openTarget({ address: `127.0.0.1:${lab.port}`, controls: { observe } });
    open.push(
      () => lab.close(),
      () => control.close(),
      () => target.close(),
    );
    // Emptied in this process, so that no failure has to come three times, each time by some dozens of programs.
    return { ...target, controls: { ...target.controls, reset: () => lab.controls.reset() } };
  }

  /** A good host that tells its counters in a way of its own. */
  async function telling(tell: (lab: LabHost) => () => Promise<HostCounters>): Promise<Target> {
    const lab = await startLabHost();
    const target = await openTarget({ address: `127.0.0.1:${lab.port}` });
    open.push(() => lab.close());
    return { ...target, controls: { observe: tell(lab) } };
  }

  const groups: readonly KeyGroupSetting[] = ['vista', 'win7', 'r2-c', 'office2010', 'any'];
  for (const profile of Object.values(PROFILES)) {
    for (const keyGroup of groups) {
      it(`of a good host of ${profile.name} with the key group ${keyGroup} are right`, async () => {
        const suite = await runOnLab({ ids: ['OBS'], profile, keyGroup });
        expect(idsWith('passed', suite), JSON.stringify(suite.results)).to.deep.equal(ALL);
      });
    }
  }

  it('are read from a script that stands for slmgr /dlv, which knows no threshold', async () => {
    const suite = await runOn(await windowsLike(), { ids: ['OBS', 'CACHE-12'] });
    expect(idsWith('passed', suite), JSON.stringify(suite.results)).to.deep.equal(['OBS-01', 'OBS-02']);
    const { outcome, reason } = suite.results.find(({ id }) => id === 'OBS-03')!;
    expect([outcome, reason]).to.deep.equal([
      'untestable',
      'its control observe gives no requiredClientCount',
    ]);
  });

  for (const [fault, id] of [
    ['own-count-of-requests', 'OBS-01'],
    ['licensed-tallied-as-grace', 'OBS-02'],
  ] as const) {
    it(`and ${fault} is caught there too`, async () => {
      const suite = await runOn(await windowsLike([fault]), { ids: ['OBS'] });
      expect(idsWith('failed', suite)).to.deep.equal([id]);
    });
  }

  it('that are written some hundred milliseconds late accuse nobody', async () => {
    const target = await telling((lab) => {
      let told: HostCounters = {};
      let untilMs = 0;
      return async () => {
        if (performance.now() < untilMs) return told;
        untilMs = performance.now() + 400;
        return (told = await lab.controls.observe());
      };
    });
    const suite = await runOn(target, { ids: ['OBS'] });
    expect(idsWith('failed', suite), JSON.stringify(suite.results)).to.deep.equal([]);
    expect(idsWith('passed', suite)).to.deep.equal(ALL);
  });

  it('that others move while nobody of ours asks are inconclusive', async () => {
    const target = await telling((lab) => {
      let others = 0;
      return async () => {
        others += 3;
        const own = await lab.controls.observe();
        return { ...own, totalRequests: own.totalRequests! + others };
      };
    });
    const { results } = await runOn(target, { ids: ['OBS-02'] });
    expect(results[0]!.outcome).to.equal('inconclusive');
    expect(results[0]!.reason).to.match(/moved while this run asked nothing: others use the host/);
  });

  it('that are few are looked at as far as they go', async () => {
    const target = await telling((lab) => async () => {
      const { totalRequests } = await lab.controls.observe();
      return { totalRequests: totalRequests! };
    });
    const suite = await runOn(target, { ids: ['OBS'] });
    expect(idsWith('passed', suite)).to.deep.equal(['OBS-02']);
    expect(idsWith('untestable', suite)).to.deep.equal(['OBS-01', 'OBS-03']);
  });
});
