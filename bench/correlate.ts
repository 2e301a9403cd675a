import { execFile } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { FileSink, PcapWriter, readExchanges } from '../captures';
import { writeExchanges } from '../captures/write/write-exchanges';
import { writeEvtx } from '../harness/jobs/events/testing/evtx-writer';
import { lineOf, type MadeRequest } from '../harness/jobs/events/testing/made-requests';
import type * as EventsModule from '../harness/jobs/events';
import { type Exchange, filetimeFromUnixMs, writeGuid } from '../protocol';
import type { BenchReport, BenchSection } from './section';

const REQUESTS = 100_000;
const EVENTS = 1_000_000;
const EVTX_EVENTS = 50_000;
const DIST = path.join(__dirname, '..', 'dist');
const MAIN = path.join(DIST, 'harness', 'cli', 'main.js');
const RECORDED = path.join(__dirname, '..', 'captures', 'corpus', 'v4-threshold-clients.pcap');
const WEEK = 7 * 24 * 60;
const DEADLINE_MS = 600_000;

/** How the requests are spread: what is slow for many machines need not be for one, nor the other way round. */
interface Load {
  readonly name: string;
  readonly machines: number;
  /** Minutes from one request of all to the next. */
  readonly every: number;
}

const LOADS: readonly Load[] = [
  { name: 'machines that asked twice', machines: 50_000, every: 0.1 },
  { name: 'one machine that asks all the time', machines: 1, every: 1 },
];

/** The n-th request of all; those of the capture are the last ones. */
function requestOf(n: number, { machines, every }: Load): MadeRequest {
  const machine = n % machines;
  return {
    hresult: 0,
    required: 25,
    name: 'LAB-CLIENT.example.test',
    cmid: `${((machine * 2_654_435_761) >>> 0).toString(16).padStart(8, '0')}-9092-4185-8ba0-${machine.toString(16).padStart(12, '0')}`,
    minute: Math.floor(Date.UTC(2026, 10, 21, 7, 16) / 60_000 + (n - EVENTS) * every - WEEK),
    isVirtual: 0,
    status: 2,
    minutesLeft: 43_200,
    sku: 'b92e9980-b9d5-4821-9c94-140f632f6312',
  };
}

/** Recorded exchanges with machines and times of their own. */
async function writeCapture(file: string, load: Load): Promise<void> {
  const recorded: Exchange[] = [];
  for await (const exchange of readExchanges(RECORDED)) recorded.push(exchange);
  const [one] = recorded as [Exchange];
  if (one.request.content.kind !== 'clear') throw new Error('the recorded request is sealed');
  const { clientMachineId, requestTime } = one.request.content.value;
  const sent = Buffer.from(one.pdus.sent[0]!);
  const cmid = Buffer.alloc(16);
  writeGuid(cmid, 0, clientMachineId);
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE(requestTime);
  const [cmidAt, timeAt] = [sent.indexOf(cmid), sent.indexOf(time)];
  function* exchanges(): Generator<Exchange> {
    for (let i = 0; i < REQUESTS; i++) {
      const request = requestOf(EVENTS - REQUESTS + i, load);
      const pdu = Buffer.from(sent);
      writeGuid(pdu, cmidAt, request.cmid);
      pdu.writeBigUInt64LE(filetimeFromUnixMs(request.minute * 60_000), timeAt);
      const requestedAt = BigInt(request.minute) * 60_000_000_000n + BigInt(i);
      yield {
        ...one,
        index: i,
        requestedAt,
        answeredAt: requestedAt + 1n,
        pdus: { ...one.pdus, sent: [pdu] },
      };
    }
  }
  const writer = new PcapWriter(new FileSink(file));
  writeExchanges(exchanges(), writer);
  writer.close();
}

function writeLines(file: string, load: Load): void {
  const descriptor = openSync(file, 'w');
  let held: string[] = [];
  for (let i = 0; i < EVENTS; i++) {
    held.push(lineOf(requestOf(i, load), { comma: ', ' }));
    if (held.length < 10_000) continue;
    writeSync(descriptor, `${held.join('\n')}\n`);
    held = [];
  }
  closeSync(descriptor);
}

interface Measured {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly megabytes: number;
}

/** The whole process, as a person runs it; it tells what it took when it ends. */
async function correlate(folder: string, capture: string, log: string): Promise<Measured> {
  const told = path.join(folder, 'told.json');
  const preload = path.join(folder, 'told.cjs');
  writeFileSync(
    preload,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(told)}, JSON.stringify({ rss: process.resourceUsage().maxRSS, cpu: process.cpuUsage() })));`,
  );
  const result = path.join(folder, 'result.json');
  const before = process.hrtime.bigint();
  await promisify(execFile)(
    process.execPath,
    ['-r', preload, MAIN, 'correlate', capture, log, '--json', result],
    {
      timeout: DEADLINE_MS,
      maxBuffer: 1 << 28,
    },
  );
  const seconds = Number(process.hrtime.bigint() - before) / 1e9;
  const { summary } = JSON.parse(readFileSync(result, 'utf8')) as { summary: { logged: number } };
  if (summary.logged !== REQUESTS) throw new Error(`${summary.logged} of ${REQUESTS} requests are logged`);
  const { rss, cpu } = JSON.parse(readFileSync(told, 'utf8')) as { rss: number; cpu: NodeJS.CpuUsage };
  return { seconds, cpuSeconds: (cpu.user + cpu.system) / 1e6, megabytes: rss / 1024 };
}

async function measureLoad(report: BenchReport, folder: string, load: Load): Promise<void> {
  const [capture, log] = [path.join(folder, 'kms.pcap'), path.join(folder, 'kms.txt')];
  await writeCapture(capture, load);
  writeLines(log, load);
  const { seconds, cpuSeconds, megabytes } = await correlate(folder, capture, log);
  report.measured(load.name, seconds, 's', { atMost: 20 });
  report.measured(`${load.name}, processor time`, cpuSeconds, 's');
  report.measured(`${load.name}, peak memory`, megabytes, 'MB', { atMost: 500 });
}

function measureEvtx(report: BenchReport): void {
  const events = Array.from({ length: EVTX_EVENTS }, (_, i) => ({
    id: 12290,
    data: [lineOf(requestOf(i, LOADS[0]!), { comma: ', ' })],
  }));
  const bytes = writeEvtx(events);
  // Compiled, as the program is.
  const load = createRequire(__filename);
  const compiled = load(path.join(DIST, 'harness', 'jobs', 'events')) as typeof EventsModule;
  const before = process.hrtime.bigint();
  const { length } = compiled.parseEventLog(bytes, 'kms.evtx').events;
  const seconds = Number(process.hrtime.bigint() - before) / 1e9;
  if (length !== EVTX_EVENTS) throw new Error(`${length} of ${EVTX_EVENTS} events`);
  report.measured('.evtx, events', EVTX_EVENTS / seconds, '1/s');
  report.measured('.evtx, bytes', bytes.length / 1e6 / seconds, 'MB/s');
}

export const section: BenchSection = {
  name: 'correlate',
  title: '1,000,000 events against 100,000 requests by the whole process; .evtx',
  async run(report) {
    if (!existsSync(DIST)) throw new Error('the compiled program is measured: npm run build');
    const folder = mkdtempSync(path.join(os.tmpdir(), 'kmsspec-bench-'));
    try {
      for (const load of LOADS) await measureLoad(report, folder, load);
      measureEvtx(report);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};
