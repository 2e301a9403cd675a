import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'pcap-parser';
import { openCapture, readExchanges } from '../captures';
import { generateCapture } from './captures-generate';
import { type BenchReport, type BenchSection, ConsoleReport } from './section';

const MEGABYTE = 1e6;
const SIZE = 200 * MEGABYTE;
const LARGE = 1000 * MEGABYTE;
const DIST = path.join(__dirname, '..', 'dist');
const DEADLINE_MS = 300_000;

const run = (command: string, args: readonly string[]): Promise<{ stdout: string }> =>
  promisify(execFile)(command, args, { timeout: DEADLINE_MS, maxBuffer: 1 << 28 });

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - before) / 1e9;
}

/** The best of a few: what else the machine does only ever adds. */
async function best(times: number, work: () => Promise<unknown>): Promise<number> {
  let seconds = Infinity;
  for (let i = 0; i < times; i++) seconds = Math.min(seconds, await secondsOf(work));
  return seconds;
}

function withPcapParserAlone(file: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let packets = 0;
    const parser = parse(file);
    parser.on('packet', () => void packets++);
    parser.on('error', reject);
    parser.on('end', () => resolve(packets));
  });
}

/** Reads in a process of its own, compiled, and tells its peak resident memory in megabytes. */
async function peakMemory(file: string): Promise<{ exchanges: number; megabytes: number }> {
  const script = `
    const { readExchanges } = require(${JSON.stringify(path.join(DIST, 'captures'))});
    (async () => {
      let exchanges = 0;
      for await (const _ of readExchanges(process.argv[1])) exchanges++;
      console.log(JSON.stringify({ exchanges, megabytes: process.resourceUsage().maxRSS / 1024 }));
    })();`;
  const { stdout } = await run(process.execPath, ['-e', script, file]);
  return JSON.parse(stdout) as { exchanges: number; megabytes: number };
}

async function measureSpeed(report: BenchReport, folder: string): Promise<void> {
  const file = path.join(folder, 'kms.pcap');
  const { bytes, packets, exchanges } = await generateCapture(file, SIZE);
  report.note(
    `${packets.toLocaleString('en-US')} packets, ${exchanges.toLocaleString('en-US')} exchanges: 10 % of the packets are KMS`,
  );
  const rate = (seconds: number, what: string): void => {
    report.measured(`${what}, packets`, packets / seconds, '1/s');
    report.measured(`${what}, bytes`, bytes / MEGABYTE / seconds, 'MB/s');
  };
  rate(await best(3, () => withPcapParserAlone(file)), 'pcap-parser alone');
  const readPackets = async (): Promise<void> => {
    const capture = await openCapture(file);
    for await (const _ of capture.batches()) continue;
    if (capture.packets !== packets) throw new Error(`read ${capture.packets} of ${packets} packets`);
  };
  rate(await best(3, readPackets), 'openCapture: pcap-parser behind its guard');
  const readAll = async (): Promise<void> => {
    let found = 0;
    for await (const _ of readExchanges(file)) found++;
    if (found !== exchanges) throw new Error(`found ${found} of ${exchanges} exchanges`);
  };
  rate(await best(3, readAll), 'readExchanges');
  await compareWithTshark(report, file, rate);
}

/** Whole processes, start to end, as a person runs them. */
async function compareWithTshark(
  report: BenchReport,
  file: string,
  rate: (seconds: number, what: string) => void,
): Promise<void> {
  const cli = path.join(DIST, 'harness', 'cli', 'main.js');
  const inspect = await best(3, () => run(process.execPath, [cli, 'inspect', file]));
  rate(inspect, 'kmsspec inspect, the whole process');
  let tshark: number;
  try {
    tshark = await best(2, () => run('tshark', ['-r', file, '-Y', 'dcerpc']));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    report.note('tshark is not installed (apt-get install tshark): no comparison');
    return;
  }
  rate(tshark, 'tshark -Y dcerpc, the whole process');
  report.measured('kmsspec inspect against tshark', tshark / inspect, 'times', { atLeast: 5 });
}

async function measureMemory(report: BenchReport, folder: string): Promise<void> {
  const file = path.join(folder, 'large.pcap');
  const { exchanges } = await generateCapture(file, LARGE);
  const { exchanges: found, megabytes } = await peakMemory(file);
  if (found !== exchanges) throw new Error(`found ${found} of ${exchanges} exchanges`);
  report.measured('peak memory on a capture of 1 GB', megabytes, 'MB', { atMost: 150 });
}

export const section: BenchSection = {
  name: 'captures',
  title: 'reading captures of 200 MB and 1 GB, generated into the temporary directory and removed',
  async run(report) {
    if (!existsSync(DIST)) throw new Error('the compiled program is measured: npm run build');
    const folder = mkdtempSync(path.join(os.tmpdir(), 'kmsspec-bench-'));
    try {
      await measureSpeed(report, folder);
      await measureMemory(report, folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

if (require.main === module) void section.run(new ConsoleReport((text) => process.stdout.write(text)));
