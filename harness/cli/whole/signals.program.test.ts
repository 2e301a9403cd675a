import { expect } from 'chai';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReport } from '../../../reports/results/model';
import { packageRoot } from '../../support/package-root';
import { Random } from '../../support/random';
import { runInProcess } from '../testing/in-process';
import { TEST_SEED } from '../../testing/test-seed';

const CAPTURE = join(packageRoot(), 'captures/corpus/v4-mixed-growth.pcap');
const REPORT = 'report.json';
/** A signal comes within this after the program listens for it. */
const WITHIN_MS = 900;
/** How long a verb may take to end and report. */
const LIMIT_MS = 15_000;
/** What stands where a report is going to be written. */
const BEFORE = 'what was there before\n';

/** Command lines that go on for a minute or more unless they are stopped. */
const LONG: Readonly<Record<string, readonly string[]>> = {
  run: ['run', 'CNT', '--repeat', '10000', '--json', REPORT],
  replay: ['replay', CAPTURE, '--timing', 'x0.001', '--json', REPORT],
  stream: ['stream', 'client*forever', '--json', REPORT],
  fleet: ['fleet', '--via', 'tcp', '--clients', '2000', '--days', '180', '--json', REPORT],
  load: ['load', '--rate', '50', '--duration', '120s', '--json', REPORT],
  fuzz: ['fuzz', '--time', '120s', '--json', REPORT],
};
const SERVING: Readonly<Record<string, readonly string[]>> = {
  record: ['record', '--listen', '127.0.0.1:0', '--out', 'out.pcapng'],
  host: ['host', '--port', '0'],
};

describe('signals', function () {
  this.timeout(60_000);
  const seed = TEST_SEED;
  let folder: string;
  let stdout = '';
  let stderr = '';
  beforeEach(() => (stdout = stderr = ''));
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kmsspec-signals-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const stop = async (
    name: string,
    argv: readonly string[],
    signal: NodeJS.Signals,
    /** What must be there before the signal comes. */
    ready: () => boolean = () => true,
  ): Promise<number | null> => {
    const announce = join(folder, 'announce.cjs');
    writeFileSync(announce, ANNOUNCE);
    const main = join(packageRoot(), 'dist/harness/cli/main.js');
    const child = spawn(process.execPath, ['-r', announce, main, ...argv], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
    await listens(child);
    while (!ready() && child.exitCode === null && child.signalCode === null) await pause(10);
    const delay = new Random(seed).fork(`${name} ${signal}`).uint32() % WITHIN_MS;
    await Promise.race([ended, pause(delay)]);
    child.kill(signal);
    const code = await ended;
    clearTimeout(limit);
    return code;
  };

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    for (const [name, argv] of Object.entries(LONG)) {
      it(`${name} ends by ${signal} with ${code}, and reports what was done (seed ${seed})`, async () => {
        expect(await stop(name, argv, signal), stderr).to.equal(code);
        // Before anything was done there is nothing to report, and that is told.
        if (!existsSync(join(folder, REPORT))) return void expect(stderr).to.match(/interrupted/);
        const report = parseReport(readFileSync(join(folder, REPORT), 'utf8'), REPORT);
        expect(report.run.ended).to.be.oneOf(['interrupted', 'terminated']);
        expect(leftovers(folder)).to.deep.equal([]);
      });
    }
    for (const [name, argv] of Object.entries(SERVING)) {
      it(`${name} ends by ${signal} with ${code} (seed ${seed})`, async () => {
        expect(await stop(name, argv, signal)).to.equal(code);
      });
    }
  }

  for (const [name, argv] of Object.entries(LONG)) {
    it(`${name} leaves the old report as it was when it is killed (seed ${seed})`, async () => {
      writeFileSync(join(folder, REPORT), BEFORE);
      expect(await stop(name, argv, 'SIGKILL')).to.equal(null);
      expect(readFileSync(join(folder, REPORT), 'utf8')).to.equal(BEFORE);
    });
  }

  it(`stream --pcap leaves a capture that can be read when it is killed (seed ${seed})`, async () => {
    const kept = join(folder, 'kept.pcapng');
    await stop('pcap', ['stream', 'client*forever', '--pcap', kept], 'SIGKILL', () => holdsAnExchange(kept));
    const { exitCode, stdout, stderr } = await runInProcess(['inspect', kept, '--json', '-']);
    expect(exitCode, stderr).to.equal(0);
    expect(JSON.parse(stdout)).to.have.property('exchanges').that.is.not.empty;
  });

  it(`every exchange that replay has shown is in its capture when it is killed (seed ${seed})`, async () => {
    const kept = join(folder, 'kept.pcapng');
    const argv = ['replay', CAPTURE, '--timing', 'x50', '--pcap', kept];
    await stop('replay', argv, 'SIGKILL', () => shownRows(stdout).length > 0);
    const shown = shownRows(stdout);
    const captured = await countsIn(kept);
    expect(shown).to.not.be.empty;
    expect(captured.slice(0, shown.length)).to.deep.equal(shown);
  });

  it(`every block of cases that fuzz has written down is not run again when it is killed (seed ${seed})`, async () => {
    const argv = ['fuzz', '--runs', '6000', '--levels', 'message,stub', '--seed', '5', '--out', folder];
    const blocks = (): number[] => journalBlocks(folder);
    await stop('fuzz', argv, 'SIGKILL', () => blocks().length > 0);
    const before = blocks();
    const { exitCode, stdout, stderr } = await runInProcess([...argv, '--json', '-'], { cwd: folder });
    expect(exitCode, stderr).to.equal(0);
    const { coverage } = parseReport(stdout);
    expect(coverage).to.include({ cases: 6000, resumed: true });
    const after = blocks();
    expect(after.slice(0, before.length)).to.deep.equal(before);
    expect([...after].sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 12 }, (_, block) => block));
  });
});

/** The counts that stand in a replay's table, in its order. */
const shownRows = (stdout: string): number[] =>
  stdout.split('\n').flatMap((line) => {
    const [, answered] = /^\d+ +(?:server|client) \d+(?: again)? +\d+ +(\d+) /.exec(line) ?? [];
    return answered === undefined ? [] : [Number(answered)];
  });

/** The counts that a capture holds, in the order of its exchanges. */
async function countsIn(capture: string): Promise<number[]> {
  const { exitCode, stdout, stderr } = await runInProcess(['inspect', capture, '--json', '-']);
  expect(exitCode, stderr).to.equal(0);
  const { exchanges } = JSON.parse(stdout) as {
    exchanges: { response: { currentClientCount: number } | null }[];
  };
  return exchanges.flatMap(({ response }) => (response === null ? [] : [response.currentClientCount]));
}

/** Numbers of the blocks that a journal holds whole. */
function journalBlocks(folder: string): number[] {
  const file = readdirSync(folder).find((name) => /^journal-.*\.jsonl$/.test(name));
  if (file === undefined) return [];
  const lines = readFileSync(join(folder, file), 'utf8').split('\n').slice(1, -1);
  // Its sum stands in front of each.
  return lines.map((line) => (JSON.parse(line.slice(line.indexOf(' '))) as { block: number }).block);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** More than a section, a handshake and a bind take in a capture. */
const holdsAnExchange = (file: string): boolean => existsSync(file) && statSync(file).size > 4096;

/** Files that were written aside and not put in their place. */
const leftovers = (folder: string): string[] => readdirSync(folder).filter((name) => name.includes('.tmp-'));

/** Loaded into the program before all else: tells when it listens for SIGTERM, its second signal. */
const ANNOUNCE = `process.on('newListener', (name) => {
  if (name === 'SIGTERM') setImmediate(() => process.send('listening', () => process.disconnect()));
});`;

/** Waits until the program catches both signals: before, they end it as they would any other. */
async function listens(child: ChildProcess): Promise<void> {
  await Promise.race([once(child, 'message'), once(child, 'close')]);
}
