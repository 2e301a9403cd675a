import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CASE_LEVELS } from './case';
import { runCampaign, type CampaignResult } from './campaign';
import { Journal } from './journal';
import { lifeOf } from './conduct/probe';
import type { CampaignSettings } from './settings';
import { openFuzzLab } from './testing/fuzz-lab';
import { runInProcess } from '../cli/testing/in-process';
import type { FaultName } from '../lab-host';
import { PROFILES } from '../model/profile';
import { packageRoot } from '../package-root';
import { Random } from '../random';
import { UsageError } from '../usage-error';

const FAULT: FaultName = 'own-previous-cmid-forgets';

describe('fuzz campaigns', () => {
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
    changes: { identity?: object; blockSize?: number; signal?: AbortSignal; stopOnFinding?: boolean } = {},
  ): Promise<CampaignResult> {
    const journal = new Journal(folder, { seed: chosen.seed, ...changes.identity });
    const { stopOnFinding = false, blockSize = 100, signal } = changes;
    try {
      return await runCampaign({
        settings: chosen,
        runs,
        milliseconds: null,
        stopOnFinding,
        journal,
        blockSize,
        signal,
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

  it('find the same with one worker and with two, and in shards', async () => {
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

  it('go on after the host died, by its control', async () => {
    const result = await campaign(settings({}, ['dies-of-unknown-status']), 600);
    expect(result).to.include({ cases: 600, ended: 'complete' });
    expect(result.findings.map(({ finding }) => finding.oracle)).to.include('alive');
  });

  it('are taken up where they were broken off, and run nothing again', async () => {
    const stop = new AbortController();
    const chosen = settings({}, [FAULT]);
    setTimeout(() => stop.abort(), 300);
    const first = await campaign(chosen, 1500, { signal: stop.signal });
    expect(first.ended).to.equal('interrupted');
    const second = await campaign(chosen, 1500);
    expect(second).to.include({ cases: 1500, ended: 'complete' });
    expect(second.coverage.resumed).to.equal(true);
    expect(idsOf(second)).to.include.members(idsOf(first));
    const third = await campaign(chosen, 1500);
    expect(third.cases).to.equal(1500);
    expect(third.coverage.casesPerSecond).to.equal(0);
    expect(idsOf(third)).to.deep.equal(idsOf(second));
  });

  it('leave no case out and no finding when they are killed', async function () {
    this.timeout(60_000);
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

describe('the journal of a campaign', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kmsspec-journal-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const entry = (block: number) => ({
    block,
    cases: 10,
    coverage: { 'a b': [1, 2, 3, 4, 5, 6] },
    findings: [],
    hits: {},
  });
  const write = (...blocks: number[]): string => {
    const journal = new Journal(folder, { seed: 1 });
    for (const block of blocks) journal.add(entry(block));
    journal.close();
    return join(folder, readdirSync(folder)[0]!);
  };
  const blocks = (identity: object = { seed: 1 }, afresh = false): (number | null)[] => {
    const journal = new Journal(folder, { ...identity }, afresh);
    const entries = journal.takeEntries();
    journal.close();
    return entries.map(({ block }) => block);
  };

  it('is read back, whatever its last line was cut to', () => {
    const file = write(0, 1, 2);
    const whole = readFileSync(file);
    const lastLine = whole.lastIndexOf('\n', whole.length - 2) + 1;
    for (let size = lastLine; size < whole.length; size += 3) {
      writeFileSync(file, whole.subarray(0, size));
      expect(blocks()).to.deep.equal([0, 1]);
      expect(readFileSync(file).length).to.equal(lastLine);
    }
    write(7);
    expect(blocks()).to.deep.equal([0, 1, 7]);
  });

  it('is another one for another campaign, and empty when begun afresh', () => {
    write(0, 1);
    expect(blocks({ seed: 2 })).to.deep.equal([]);
    expect(blocks()).to.deep.equal([0, 1]);
    expect(blocks({ seed: 1 }, true)).to.deep.equal([]);
    expect(blocks()).to.deep.equal([]);
  });

  it('that is damaged or cannot be written is a usage error that names it', () => {
    const file = write(0);
    appendFileSync(file, 'no json\n');
    expect(() => blocks()).to.throw(UsageError, /journal-.*--out/);
    expect(() => new Journal(join(file, 'within'), { seed: 1 })).to.throw(UsageError, /--out/);
  });
});

describe('whether a host lives', () => {
  it('is told apart: it answers, answers late, hangs, is gone', async () => {
    const good = await openFuzzLab();
    expect(await lifeOf(good.context, new Random(1))).to.equal('answers');
    await good.close();
    expect(await lifeOf(good.context, new Random(1))).to.equal('gone');

    const silent = createServer((socket) => socket.on('error', () => {}));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const context = { ...good.context, timeoutMs: 50, endpoint: { host: '127.0.0.1', port } };
    expect(await lifeOf(context, new Random(1))).to.equal('silent');
    silent.close();
  });

  it('is gone where connections end before the port does, as when a process dies', async () => {
    const good = await openFuzzLab();
    await good.close();
    let met = 0;
    const dying = createServer((socket) => {
      socket.on('error', () => {});
      socket.destroy();
      // The first is that of the request; the second finds the port open still.
      if (++met === 2) dying.close();
    });
    dying.listen(0, '127.0.0.1');
    await once(dying, 'listening');
    const { port } = dying.address() as { port: number };
    const context = { ...good.context, endpoint: { host: '127.0.0.1', port } };
    expect(await lifeOf(context, new Random(1))).to.equal('gone');
    expect(met).to.be.at.least(2);
  });
});

describe('kmsspec fuzz', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kmsspec-fuzz-cli-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const run = (...args: string[]) => runInProcess(['fuzz', ...args], { cwd: folder });

  it('exits 0 without a finding', async () => {
    const { exitCode, stdout } = await run('--runs', '300', '--seed', '1');
    expect(exitCode, stdout).to.equal(0);
    expect(stdout).to.match(/300 cases in .*, seed 1: no finding/);
  });

  it('saves what it finds, and says of it: still failing, fixed', async () => {
    const found = await run('--runs', '300', '--seed', '1', '--fault', FAULT, '--stop-on-finding');
    expect(found.exitCode).to.equal(1);
    const [, id = ''] = /kmsspec fuzz --replay (\S+)/.exec(found.stdout) ?? [];
    const files = readdirSync(join(folder, 'kmsspec-findings', id));
    expect(files.sort()).to.deep.equal(['finding.json', 'reproduce.pcapng']);
    const saved = JSON.parse(readFileSync(join(folder, 'kmsspec-findings', id, 'finding.json'), 'utf8')) as {
      repeat: string[];
    };
    // The lines that it brings, as they are pasted.
    for (const line of saved.repeat) {
      const pasted = await runInProcess(line.split(' ').slice(1), { cwd: folder });
      expect(pasted.exitCode, `${line}\n${pasted.stdout}${pasted.stderr}`).to.equal(1);
    }
    const failing = await run('--replay', id, '--fault', FAULT);
    expect(failing.exitCode).to.equal(1);
    expect(failing.stdout).to.match(/still failing \(seen in 10 of 10 tries\)/);
    const fixed = await run('--replay', id);
    expect(fixed.exitCode).to.equal(0);
    expect(fixed.stdout).to.match(/fixed \(seen in 0 of 10 tries\)/);
    const inspected = await runInProcess(['inspect', join('kmsspec-findings', id, 'reproduce.pcapng')], {
      cwd: folder,
    });
    expect(inspected.exitCode).to.equal(0);
    expect(inspected.stdout).to.contain('FZ-');
  });

  it('writes a report that says what was found and tried', async () => {
    const { exitCode, stdout } = await run('--runs', '300', '--seed', '1', '--fault', FAULT, '--json', '-');
    expect(exitCode).to.equal(1);
    const report = JSON.parse(stdout) as {
      coverage: { cases: number; rows: unknown[] };
      findings: Record<string, unknown>[];
    };
    expect(report.coverage.cases).to.equal(300);
    expect(report.coverage.rows.length).to.be.greaterThan(30);
    expect(report.findings[0]).to.include({ oracle: 'count', state: 'new', seed: 1 });
    expect(report.findings[0]!['evidence']).to.be.an('array').that.is.not.empty;
  });

  const wrong: readonly [why: string, args: string[], message: RegExp][] = [
    [
      'a finding that is not there',
      ['--replay', 'nope'],
      /there is no finding nope.*there are none|cannot be read/s,
    ],
    ['a level that is none', ['--levels', 'message,foo'], /expected some of message/],
    ['a corpus that is none', ['--corpus', 'nowhere'], /the corpus .*nowhere cannot be read/],
    ['a time that is none', ['--time', 'soon'], /duration such as/],
    ['a remote target', ['--target', '192.0.2.1'], /--allow-remote/],
    ['one capture from several threads', ['--pcap', 'x.pcapng', '--workers', '2'], /leave out --workers/],
  ];
  for (const [why, args, message] of wrong) {
    it(`refuses ${why} with exit code 2`, async () => {
      const { exitCode, stderr } = await run(...args);
      expect(exitCode).to.equal(2);
      expect(stderr).to.match(message);
      expect(stderr.trim().split('\n').length).to.be.at.most(3);
    });
  }

  it('exits 3 where nobody listens', async () => {
    const { exitCode, stderr } = await run('--target', '127.0.0.1:1', '--timeout', '500');
    expect(exitCode).to.equal(3);
    expect(stderr).to.contain('127.0.0.1:1');
  });
});
