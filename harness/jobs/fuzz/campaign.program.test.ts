import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CASE_LEVELS } from '../../cases/case';
import { runCampaign, type CampaignResult } from './campaign';
import { Journal } from './journal';
import type { CampaignSettings } from './settings';
import { runInProcess } from '../../cli/testing/in-process';
import { type FaultName, startLabHost } from '../../lab-host';
import { PROFILES } from '../../model/profile';
import { startRelay } from '../../testing/relay';
import { packageRoot } from '../../support/package-root';

const FAULT: FaultName = 'own-previous-cmid-forgets';

describe('fuzz campaigns', function () {
  // Seconds of work each, of which a busy machine makes a minute.
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kmsspec-fuzz-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const settings = (
    changes: Partial<CampaignSettings> = {},
    faults: readonly FaultName[] = [],
  ): CampaignSettings => ({
    seed: 4,
    levels: CASE_LEVELS,
    corpus: null,
    lanes: 16,
    connections: 'kept',
    workers: 1,
    shard: { index: 1, of: 1 },
    timeoutMs: 3000,
    stopOnFinding: false,
    out: folder,
    target: {
      address: null,
      arguments: [],
      allowRemote: false,
      profile: PROFILES['win7-2008r2'],
      keyGroup: null,
      controls: {},
      controlsFolder: folder,
      macKey: null,
      lab: { faults },
    },
    ...changes,
  });

  async function campaign(
    chosen: CampaignSettings,
    runs: number,
    changes: {
      identity?: object;
      blockSize?: number;
      signal?: AbortSignal;
      stopOnFinding?: boolean;
      onProgress?: (progress: { cases: number }) => void;
    } = {},
  ): Promise<CampaignResult> {
    const journal = new Journal(folder, { seed: chosen.seed, ...changes.identity });
    const { stopOnFinding = false, blockSize = 100, signal, onProgress } = changes;
    try {
      return await runCampaign({
        settings: chosen,
        runs,
        milliseconds: null,
        stopsOn: stopOnFinding ? () => true : undefined,
        journal,
        blockSize,
        signal,
        ...(onProgress && { onProgress }),
      });
    } finally {
      journal.close();
    }
  }
  const idsOf = ({ findings }: CampaignResult): string[] => findings.map(({ finding }) => finding.id).sort();

  it('find nothing in a good host, whatever the connections', async () => {
    for (const connections of ['kept', 'each'] as const) {
      const result = await campaign(settings({ connections }), 800, { identity: { connections } });
      expect(result.findings.map(({ finding }) => finding.message)).to.deep.equal([]);
      expect(result).to.include({ cases: 800, ended: 'complete' });
    }
  });

  it('say what was tried and what came of it', async () => {
    const { coverage } = await campaign(settings(), 1500);
    const row = (field: string, kind: string) =>
      coverage.rows.find((one) => one.field === field && one.kind === kind);
    for (const kind of ['valid', 'boundary', 'hostile', 'usual']) {
      expect(row('kms.request.licenseStatus', kind)?.reactions.answered, kind).to.be.greaterThan(0);
    }
    expect(row('kms.request.requiredClientCount', 'boundary')?.reactions.hresult).to.be.greaterThan(0);
    expect(row('rpc.request.opnum', 'boundary')?.reactions.fault).to.be.greaterThan(0);
    expect(row('rpc.header.rpcVers', 'boundary')?.reactions.closed).to.be.greaterThan(0);
    expect(coverage.rows.some(({ reactions }) => reactions.timeout > 0)).to.equal(false);
  });

  it('find the same with one worker and with two, and in shards', async function () {
    this.timeout(120_000);
    const alone = await campaign(settings({}, [FAULT]), 400, { identity: { workers: 1 } });
    expect(alone.findings.length).to.be.greaterThan(0);
    const both = await campaign(settings({ workers: 2 }, [FAULT]), 400, { identity: { workers: 2 } });
    expect(both.cases).to.equal(400);
    expect(idsOf(both)).to.include.members(idsOf(alone).slice(0, 1));
    let cases = 0;
    for (const index of [1, 2, 3]) {
      const shard = { index, of: 3 };
      cases += (await campaign(settings({ shard }, [FAULT]), 401, { identity: { shard } })).cases;
    }
    expect(cases).to.equal(401);
  });

  it('stop at the first finding where they are told to', async () => {
    const result = await campaign(settings({ stopOnFinding: true }, [FAULT]), 5000, { stopOnFinding: true });
    expect(result.findings.length).to.be.greaterThan(0);
    expect(result.cases).to.be.lessThan(5000);
  });

  it('end with their time, though a host keeps silent for the whole of a long deadline', async () => {
    const host = await startLabHost({ seed: 1 });
    let answered = 0;
    // Good at first, for the opening and some cases, then never again: every wait from then on is one for nothing.
    const relay = await startRelay(host.port, (client, inner) => {
      client.pipe(inner);
      inner.on('data', (bytes) => void (answered++ < 1000 && client.write(bytes)));
      inner.on('end', () => client.end());
    });
    const target = { ...settings().target, address: `127.0.0.1:${relay.port}` };
    const journal = new Journal(folder, { silent: true });
    try {
      const chosen = settings({ target, timeoutMs: 600_000 });
      const result = await runCampaign({
        ...{ settings: chosen, runs: null, milliseconds: 5000, stopOnFinding: false, journal },
      });
      expect(result.ended).to.equal('complete');
      expect(result.cases).to.be.greaterThan(0);
    } finally {
      journal.close();
      await relay.close();
      await host.close();
    }
  });

  it('go on after the host died, by its control', async () => {
    const result = await campaign(settings({}, ['dies-of-unknown-status']), 600);
    expect(result).to.include({ cases: 600, ended: 'complete' });
    expect(result.findings.map(({ finding }) => finding.oracle)).to.include('alive');
  });

  it('are taken up where they were broken off, and run nothing again', async () => {
    const stop = new AbortController();
    // In one lane: then the same cases show the same first, however busy the machine is, and shrink to the same findings.
    const chosen = settings({ lanes: 1 }, [FAULT]);
    const runs = 600;
    const first = await campaign(chosen, runs, {
      signal: stop.signal,
      onProgress: ({ cases }) => void (cases >= 200 && stop.abort()),
    });
    expect(first).to.include({ cases: 200, ended: 'interrupted' });
    expect(first.findings).to.not.be.empty;
    const second = await campaign(chosen, runs);
    expect(second).to.include({ cases: runs, ended: 'complete' });
    expect(second.coverage.resumed).to.equal(true);
    expect(idsOf(second)).to.include.members(idsOf(first));
    const third = await campaign(chosen, runs);
    expect(third.cases).to.equal(runs);
    // It was finished: what it says was tried now.
    expect(third.coverage.casesPerSecond).to.be.greaterThan(0);
    expect(third.notes.join()).to.match(/finished before, and was run again/);
    expect(idsOf(third)).to.deep.equal(idsOf(second));
  });

  it('leave no case out and no finding when they are killed', async () => {
    const runs = 2000;
    const main = join(packageRoot(), 'harness', 'cli', 'main.ts');
    const args = [
      'fuzz',
      '--runs',
      String(runs),
      '--seed',
      '4',
      '--fault',
      FAULT,
      '--timeout',
      '3000',
      '--out',
      folder,
    ];
    let kills = 0;
    for (let delayMs = 900; kills < 4; delayMs += 150) {
      const child = spawn(process.execPath, ['-r', 'ts-node/register', main, ...args], {
        cwd: packageRoot(),
        stdio: 'ignore',
      });
      const timer = setTimeout(() => child.kill('SIGKILL'), delayMs);
      const [code] = (await once(child, 'exit')) as [number | null];
      clearTimeout(timer);
      if (code !== null) break;
      kills++;
    }
    const saved = readdirSync(folder).filter((name) => !/^(journal|\.)/.test(name));
    const { exitCode, stdout } = await runInProcess([...args, '--json', '-'], { cwd: folder });
    expect(exitCode).to.equal(1);
    const report = JSON.parse(stdout) as { coverage: { cases: number }; findings: { id: string }[] };
    expect(report.coverage.cases).to.equal(runs);
    expect(report.findings.map(({ id }) => id)).to.include.members(saved);
    for (const id of saved)
      expect(readdirSync(join(folder, id)).sort()).to.deep.equal(['finding.json', 'reproduce.pcapng']);
  });
});
