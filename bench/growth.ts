import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSeparateHost } from './fuzz-target';
import { runInOwnProcess, type Taken } from './growth/own-process';
import type { BenchReport, BenchSection } from './section';

/** The largest of each; ten million of one kind of request take most of an hour. */
const MOST = { requests: 1_000_000, clients: 1_000_000 };
const FACTOR = 10;
/** Sizes that are compared: the first warms the compiler up, what each further one costs beyond the one before is judged. */
const SIZES = 3;

const FLAT = { atMost: 1.2 };
const FLEET_DAYS = 180;
const SMALL_FLEET = 1000;

export const section: BenchSection = {
  name: 'growth',
  title:
    'what a request costs a process as there are more of them, and a client-day as a fleet grows, in processor time; KMSSPEC_GROWTH=N has at most N of each',
  onlyByName: true,
  run: (report) => measureGrowth(report, mostOf(process.env['KMSSPEC_GROWTH'])),
};

function mostOf(given: string | undefined): typeof MOST {
  if (given === undefined) return MOST;
  const most = Number(given);
  if (!Number.isInteger(most) || most < FACTOR ** SIZES)
    throw new Error(`KMSSPEC_GROWTH is a whole number from ${FACTOR ** SIZES}, not ${given}`);
  return { requests: most, clients: most };
}

/** A way of making requests: what runs so many of them, and how many its report says there were. */
interface Way {
  readonly name: string;
  readonly argv: (requests: number) => readonly string[];
  readonly counted: (report: never) => number;
  /** It takes a capture of so many. */
  readonly isRecorded?: boolean;
  /** It runs for a time, and makes as many as it comes to. */
  readonly isTimed?: boolean;
}

const CAPTURE = 'growth.pcap';

/** Requests a second of a load, on a machine that has nothing else to do; there are as many of it as there come to be. */
const LOAD_RATE = 10_000;
/** A load of a millisecond may be over before it has sent anything. */
const LEAST_MS = 300;

/** Of ten requests one is of a new machine. */
const notationOf = (requests: number): string => `(client renew*9)*${requests / 10}`;

const record = (requests: number, target: readonly string[], folder: string): Promise<Taken> =>
  runInOwnProcess(['stream', notationOf(requests), ...target, '--keep', '--pcap', CAPTURE], folder);

const ofTrajectory = ({ trajectory }: { trajectory: { requests: number } }): number => trajectory.requests;

const WAYS: readonly Way[] = [
  {
    name: 'load, 16 kept connections',
    argv: (requests) => {
      const duration = `${LEAST_MS + Math.round((1000 * requests) / LOAD_RATE)}ms`;
      return ['load', '--max', '--keep', '--connections', '16', '--duration', duration];
    },
    counted: ({ latency }: { latency: { requests: number } }) => latency.requests,
    isTimed: true,
  },
  {
    name: 'stream, one kept connection',
    argv: (requests) => ['stream', notationOf(requests), '--keep'],
    counted: ofTrajectory,
  },
  {
    name: 'fuzz, kept connections',
    argv: (requests) => ['fuzz', '--runs', String(requests), '--seed', '1', '--out', 'findings'],
    counted: ({ coverage }: { coverage: { cases: number } }) => coverage.cases,
  },
  {
    name: 'replay of a capture, one connection',
    argv: () => ['replay', CAPTURE, '--connections', 'one'],
    counted: ofTrajectory,
    isRecorded: true,
  },
];

/**
 * @param most the largest number of requests and of clients
 * @throws where a process fails, or makes another number of requests than it was told to
 */
export async function measureGrowth(report: BenchReport, most: typeof MOST): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kmsspec-growth-'));
  try {
    for (const way of WAYS) await measureWay(report, way, most.requests, folder);
    await measureFleets(report, most.clients, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Sized = Taken & { readonly requests: number };

async function measureWay(report: BenchReport, way: Way, most: number, folder: string): Promise<void> {
  const sizes = Array.from({ length: SIZES }, (_, i) => Math.round(most / FACTOR ** (SIZES - 1 - i)));
  const taken: Sized[] = [];
  for (const size of sizes) {
    if (way.isRecorded === true) await againstNewHost((target) => record(size, target, folder));
    const one = await againstNewHost((target) => runInOwnProcess([...way.argv(size), ...target], folder));
    const requests = way.counted(one.report as never);
    if (way.isTimed !== true && requests !== size)
      throw new Error(`${way.name}: ${requests} of ${size} requests`);
    taken.push({ ...one, requests });
  }
  const each = taken.slice(1).map((one, i) => {
    const { cpuMs, requests } = taken[i]!;
    return (1000 * (one.cpuMs - cpuMs)) / (one.requests - requests);
  });
  const [first, last] = [each[0]!, each.at(-1)!];
  const [, before, largest] = taken as [Sized, Sized, Sized];
  const upTo = (size: number): string => size.toLocaleString('en');
  if (way.isTimed === true)
    report.note(
      `${way.name}: ${taken.map(({ requests }) => upTo(requests)).join(', ')} requests in the time of so many:`,
    );
  report.measured(`${way.name}, from ${upTo(sizes[0]!)} to ${upTo(sizes[1]!)}`, first, 'us each');
  report.measured(`    from ${upTo(sizes[1]!)} to ${upTo(sizes[2]!)}`, last, 'us each');
  if (first > 0) report.measured('    the one against the other', last / first, 'times', FLAT);
  else report.note('    too few to tell what one costs');
  report.measured(`    memory at ${upTo(sizes[2]!)}`, largest.peakMb, 'MB');
  report.measured(`    against that at ${upTo(sizes[1]!)}`, largest.peakMb / before.peakMb, 'times', FLAT);
}

/** A host of its own for each: what one was asked before would be held against the next. */
async function againstNewHost<T>(run: (target: readonly string[]) => Promise<T>): Promise<T> {
  const host = await startSeparateHost();
  try {
    return await run(['--target', `127.0.0.1:${host.port}`]);
  } finally {
    await host.close();
  }
}

/** A small fleet lives so much longer that both have as many client-days: neither is seen warming up. */
async function measureFleets(report: BenchReport, most: number, folder: string): Promise<void> {
  const small = Math.min(SMALL_FLEET, most / FACTOR);
  const live = async (clients: number, days: number): Promise<Taken> =>
    runInOwnProcess(
      ['fleet', '--via', 'model', '--clients', String(clients), '--days', String(days), '--seed', '1'],
      folder,
    );
  const perDay = async (clients: number, days: number): Promise<{ ns: number; peakMb: number }> => {
    const [short, long] = [await live(clients, Math.round(days / FACTOR)), await live(clients, days)];
    const clientDays = clients * (days - Math.round(days / FACTOR));
    return { ns: (1e6 * (long.cpuMs - short.cpuMs)) / clientDays, peakMb: long.peakMb };
  };
  const few = await perDay(small, FLEET_DAYS * FACTOR);
  const many = await perDay(most, FLEET_DAYS);
  report.measured(`a client-day of ${small.toLocaleString('en')} clients`, few.ns, 'ns');
  report.measured(`a client-day of ${most.toLocaleString('en')} clients`, many.ns, 'ns');
  report.measured('    the one against the other', many.ns / few.ns, 'times', { atMost: 1.5 });
  report.measured('    memory of the larger', many.peakMb, 'MB', { atMost: 2000 });
}
