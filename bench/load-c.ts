import { availableParallelism } from 'node:os';
import { buildCPeer, type CContest, type CHost, type CPeer, findCompiler } from './c-client/c-peer';
import { runLoadProgram } from './c-client/load-program';
import { type BenchReport, type BenchSection, ConsoleReport } from './section';

const DURATION_MS = 1500;
/** A host that is busy for so much of the time is what is measured. */
const HOST_IS_LIMIT = 0.9;

export const section: BenchSection = {
  name: 'load-c',
  title:
    'the load generator beside a client in C of one thread, both against a host in C in a process of its own',
  run: (report) => run(report),
};

/** @param durationMs of each measurement */
export async function run(report: BenchReport, durationMs = DURATION_MS): Promise<void> {
  const compiler = findCompiler();
  if (compiler === null) return report.note('skipped: there is no C compiler (gcc or clang)');
  const peer = await buildCPeer(compiler);
  try {
    await kept(peer, report, durationMs);
    await each(peer, report, durationMs);
  } finally {
    peer.release();
  }
}

/** A client that is written for one connection waits for each answer; one for many takes what has come. */
async function kept(peer: CPeer, report: BenchReport, durationMs: number): Promise<void> {
  const host = await peer.startHost();
  try {
    const inC = new Map<number, number>();
    for (const connections of [1, 4, 16, 64]) {
      const name = connections === 1 ? 'C, one kept connection' : `C, ${connections} kept connections`;
      inC.set(
        connections,
        await measureC(peer, host, { mode: 'kept', connections }, name, report, durationMs),
      );
    }
    const best = await bestLoad(host, ['--keep', '--connections', '16'], '16 kept', report, durationMs);
    report.measured('    share of the client in C on one connection', best / inC.get(1)!, '', {
      atLeast: 1.5,
    });
    report.measured('    share of the client in C on 16 connections', best / inC.get(16)!, '', {
      atLeast: 1.5,
    });
  } finally {
    await host.close();
  }
}

async function each(peer: CPeer, report: BenchReport, durationMs: number): Promise<void> {
  const host = await peer.startHost();
  try {
    const inC: number[] = [];
    for (const connections of [1, 64]) {
      const name = `C, a connection each, ${connections === 1 ? 'one after the other' : `${connections} at a time`}`;
      const contest = { mode: 'each', connections, closeWith: 'reset' } as const;
      inC.push(await measureC(peer, host, contest, name, report, durationMs));
    }
    const words = ['--connections', '64', '--close', 'reset'];
    const best = await bestLoad(host, words, 'a connection each, 64 at a time', report, durationMs);
    report.measured('    share of the client in C that asks one after the other', best / inC[0]!, '', {
      atLeast: 1,
    });
    report.measured('    share of the client in C with 64 at a time', best / inC[1]!, '', { atLeast: 1 });
  } finally {
    await host.close();
  }
}

async function measureC(
  peer: CPeer,
  host: CHost,
  contest: CContest,
  name: string,
  report: BenchReport,
  durationMs: number,
): Promise<number> {
  const before = host.cpuMs();
  const { perSecond, cpuUs } = await peer.ask(host.port, contest, durationMs);
  report.measured(name, perSecond, 'a second');
  report.measured('    of the processor', cpuUs, 'us each');
  tellLimit(host.cpuMs() - before, durationMs, report);
  return perSecond;
}

/** With one thread, as many as there are cores, and as many as it chooses. @returns the most a second */
async function bestLoad(
  host: CHost,
  words: readonly string[],
  name: string,
  report: BenchReport,
  durationMs: number,
): Promise<number> {
  let best = 0;
  for (const threads of [...new Set([1, availableParallelism()]), null]) {
    const hostBefore = host.cpuMs();
    const { perSecond, cpuUs } = await runLoadProgram(host.port, words, threads, durationMs);
    best = Math.max(best, perSecond);
    const chosen = threads === null ? 'threads by itself' : `${threads} threads`;
    report.measured(`load, ${name}, ${chosen}`, perSecond, 'a second');
    report.measured('    of the processor', cpuUs, 'us each');
    tellLimit(host.cpuMs() - hostBefore, durationMs, report);
  }
  return best;
}

function tellLimit(hostCpuMs: number, ms: number, report: BenchReport): void {
  if (hostCpuMs / ms > HOST_IS_LIMIT) report.note('    the host was the limit: it was busy all the time');
}

if (require.main === module) void run(new ConsoleReport((text) => process.stdout.write(text)));
