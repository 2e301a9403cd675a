import { expect } from 'chai';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { createInterface } from 'node:readline';
import { runInProcess } from '../../cli/testing/in-process';
import { type FaultName, type LabHost, startLabHost } from '../../lab-host';
import { PROFILES } from '../../model/profile';
import { packageRoot } from '../../support/package-root';
import { loadFinding } from './findings/findings-folder';
import { fuzz, type FuzzPlan } from './fuzz-job';

const FAULT: FaultName = 'dies-of-unknown-status';

/** A host in a process of its own, which whoever tests starts again whenever it has died. */
class MortalHost {
  port = 0;
  deaths = 0;
  #child: ChildProcess | null = null;

  async start(): Promise<void> {
    const script = join(__dirname, 'testing', 'mortal-host.ts');
    const args = ['-r', 'ts-node/register', script, String(this.port), FAULT];
    const child = spawn(process.execPath, args, { cwd: packageRoot(), stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    child.once('exit', () => {
      if (this.#child !== child) return;
      this.deaths++;
      void this.start();
    });
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    this.port = Number(line);
  }

  stop(): void {
    const child = this.#child;
    this.#child = null;
    child?.kill();
  }
}

describe('a host that died, and that no control restarts', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kmsspec-wait-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const planFor = (port: number, waitForHost: FuzzPlan['settings']['waitForHost']): FuzzPlan => ({
    settings: {
      ...{ seed: 4, levels: ['message'], corpus: null, lanes: 16, connections: 'kept', workers: 1 },
      ...{ shard: { index: 1, of: 1 }, timeoutMs: 3000, stopOnFinding: false, out: folder, waitForHost },
      target: {
        address: `127.0.0.1:${port}`,
        arguments: ['--target', `127.0.0.1:${port}`],
        allowRemote: false,
        profile: PROFILES['win7-2008r2'],
        keyGroup: null,
        controls: {},
        controlsFolder: folder,
        macKey: null,
        lab: {},
      },
    },
    runs: 150,
    milliseconds: null,
  });

  it('is waited for, and the cases that were under way are asked one by one: the one that it dies of is the finding', async function () {
    this.timeout(120_000);
    const host = new MortalHost();
    await host.start();
    const notices: string[] = [];
    try {
      // Whoever needs a moment to start it is not asked to for a shorter form.
      const { settings, ...plan } = planFor(host.port, { withinMs: 60_000, quickMs: 0 });
      const options = { onNotice: (text: string) => notices.push(text) };
      const { result } = await fuzz({ ...plan, settings: { ...settings, stopOnFinding: true } }, options);
      expect(result.ended).to.equal('complete');
      const { finding } = result.findings[0]!;
      expect(finding).to.include({ oracle: 'alive', reproduced: true });
      expect(finding.cases).to.have.length(1);
      expect(inspect(finding.cases, { depth: null })).to.contain('licenseStatus');
      // Of cases that were under way, and of one of them alone.
      expect(host.deaths).to.be.at.least(1);
      expect(notices[0]).to.equal('the host is gone: start it again, it is waited for up to 1m');
      expect(notices[1]).to.equal('the host is back');
    } finally {
      host.stop();
    }
  });

  describe('and does not come back', () => {
    let host: LabHost;
    let reviving: NodeJS.Timeout | undefined;
    beforeEach(async () => (host = await startLabHost({ faults: [FAULT], seed: 1 })));
    afterEach(async () => {
      clearInterval(reviving);
      await host.close();
    });

    it('leaves a finding with all cases that were under way, and the line that narrows it', async () => {
      const { result, sections } = await fuzz(planFor(host.port, { withinMs: 50 }));
      expect(result.ended).to.equal('target-died');
      expect(result.endedMessage).to.match(/did not come back within 50ms, .*--wait-for-host 10m/);
      const [reported] = sections.findings;
      const { finding, repeat, evidence } = await loadFinding(folder, reported!.id);
      expect(finding.reproduced).to.equal(false);
      expect(finding.cases.length).to.be.greaterThan(1);
      expect(evidence[0]!.note).to.match(/a lab host stands in/);
      expect(reported!.repeat).to.contain('--wait-for-host 10m');

      // The host is gone when the line is typed, and whenever it dies of it somebody starts it again.
      const narrowing = runInProcess(repeat[0]!.split(' ').slice(1), { cwd: folder });
      reviving = setInterval(() => void (host.alive || host.controls.restart()), 100);
      const { exitCode, stdout, stderr } = await narrowing;
      expect(exitCode, stderr).to.equal(1);
      expect(stderr).to.match(/kmsspec: case 1 of \d+ is asked alone\n/);
      const [, id = ''] =
        /^(alive-\w+): the host dies of this case alone, which is saved\n/.exec(stdout) ?? [];
      expect(stdout).to.match(/sent: machine \d asks as a .*licenseStatus is \d+/);
      expect(readdirSync(folder)).to.include(id);
      const narrowed = (await loadFinding(folder, id)).finding;
      expect(narrowed).to.include({ reproduced: true, requests: 1 });
      expect(narrowed.cases).to.have.length(1);
    });
  });
});
