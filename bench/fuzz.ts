import { connect, type Socket } from 'node:net';
import type { Connection, ConnectionObserver } from '../harness/client';
import { caseArbitrary } from '../harness/fuzz/generate/case-arbitrary';
import { CaseSource } from '../harness/fuzz/generate/case-source';
import type { RunContext } from '../harness/fuzz/conduct/capabilities';
import { NO_CORPUS } from '../harness/fuzz/generate/corpus';
import { FindingBook } from '../harness/fuzz/findings/finding';
import { learnCapabilities } from '../harness/fuzz/conduct/probe';
import { FuzzSession } from '../harness/fuzz/conduct/session';
import { PROFILES } from '../harness/model/profile';
import { Random } from '../harness/random';
import { startSeparateHost } from './fuzz-target';
import type { BenchReport, BenchSection } from './section';

const LANES = 16;
const SEED = 1;
const CASES = 4000;
const ROUNDS = 5;

/** What went over one connection: what was sent, and how many bytes were answered to each. */
type Recorded = { readonly sent: Buffer; answered: number }[];

/** Keeps the conversation of every connection, to have it again with nothing but sockets. */
class Recorder implements ConnectionObserver {
  readonly connections = new Map<Connection, Recorded>();

  sent(connection: Connection, bytes: Uint8Array): void {
    const recorded = this.connections.get(connection) ?? [];
    this.connections.set(connection, recorded);
    recorded.push({ sent: Buffer.from(bytes), answered: 0 });
  }

  received(connection: Connection, bytes: Uint8Array): void {
    const last = this.connections.get(connection)?.at(-1);
    if (last !== undefined) last.answered += bytes.length;
  }
}

async function openSession(
  port: number,
  connections: 'kept' | 'each',
  observer?: ConnectionObserver,
): Promise<FuzzSession> {
  const base = {
    endpoint: { host: '127.0.0.1', port },
    profile: PROFILES['win7-2008r2'],
    mac: undefined,
    timeoutMs: 15_000,
  };
  const context: RunContext = {
    ...base,
    capabilities: await learnCapabilities(base, new Random(SEED), Date.now()),
    observer,
  };
  const arbitrary = caseArbitrary({ levels: ['message', 'stub'], corpus: NO_CORPUS });
  return new FuzzSession(new CaseSource(arbitrary, SEED), {
    context,
    controls: {},
    random: new Random(SEED),
    book: new FindingBook(),
    lanes: LANES,
    connections,
    exclusive: true,
    shrinkTimeoutMs: 1000,
    onFinding: ({ message }) => Promise.reject(new Error(`a finding on a good host: ${message}`)),
    onUnconfirmed: ({ message }) => {
      throw new Error(`not in time on a good host: ${message}`);
    },
  });
}

const indices = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);

async function compete(
  port: number,
  connections: 'kept' | 'each',
  wanted: number,
  report: BenchReport,
): Promise<void> {
  const recorder = new Recorder();
  const recording = await openSession(port, connections, recorder);
  await recording.run(indices(0, CASES));
  recording.close();
  const session = await openSession(port, connections);
  let best = 0;
  let bare = 0;
  for (let round = 0; round < ROUNDS; round++) {
    bare = Math.max(
      bare,
      await perSecond(() => again(port, [...recorder.connections.values()], connections)),
    );
    best = Math.max(best, await perSecond(() => session.run(indices(0, CASES))));
  }
  session.close();
  const what = connections === 'kept' ? `${LANES} kept connections` : `a connection each, ${LANES} at a time`;
  report.measured(`cases, ${what}`, best, 'a second', { atLeast: wanted });
  report.measured('    bare sockets with the same bytes', bare, 'a second');
  report.measured('    share of the bare loop', best / bare, '', { atLeast: 0.6 });
}

async function perSecond(run: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await run();
  return (CASES / (performance.now() - startedAt)) * 1000;
}

/** The recorded conversations again: each write waits for as many bytes as were answered to the one before. */
async function again(
  port: number,
  recorded: readonly Recorded[],
  connections: 'kept' | 'each',
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < recorded.length) await converse(port, recorded[next++]!, connections === 'each');
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

function converse(port: number, turns: Recorded, awaitsEnd: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let turn = 0;
    let left = 0;
    const socket: Socket = connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      onread: { buffer: Buffer.allocUnsafeSlow(8192), callback: (length) => take(length) },
    });
    const say = (): void => {
      if (turn === turns.length) {
        socket.end();
        if (!awaitsEnd) resolve();
        return;
      }
      const { sent, answered } = turns[turn++]!;
      left = answered;
      socket.write(sent);
      if (left === 0) say();
    };
    const take = (length: number): boolean => {
      left -= length;
      if (left <= 0) say();
      return true;
    };
    socket
      .on('connect', say)
      .on('error', reject)
      .on('close', () => resolve());
  });
}

export const section: BenchSection = {
  name: 'fuzz',
  title:
    'fuzz cases a second against a lab host in a process of its own, and a bare net loop that sends the same bytes',
  async run(report) {
    const host = await startSeparateHost();
    try {
      await compete(host.port, 'kept', 10_000, report);
      await compete(host.port, 'each', 2500, report);
    } finally {
      await host.close();
    }
  },
};
