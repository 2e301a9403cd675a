import { expect } from 'chai';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReport } from '../../reports/model';
import { packageRoot } from '../package-root';
import { freshSeed, Random } from '../random';
import { runInProcess } from './testing/in-process';

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
  const seed = Number(process.env['KMSSPEC_SEED'] ?? freshSeed());
  let folder: string;
  let stderr = '';
  beforeEach(() => (stderr = ''));
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
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
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
});

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
