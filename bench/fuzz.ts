import type { ConnectionObserver } from '../harness/client';
import { caseArbitrary } from '../harness/cases/generate/case-arbitrary';
import { CaseSource } from '../harness/cases/generate/case-source';
import type { RunContext } from '../harness/cases/conduct/capabilities';
import { NO_CORPUS } from '../harness/cases/generate/corpus';
import { FindingBook } from '../harness/jobs/fuzz/findings/finding';
import { learnCapabilities } from '../harness/cases/conduct/probe';
import { FuzzSession } from '../harness/jobs/fuzz/conduct/session';
import { PROFILES } from '../harness/model/profile';
import { Random } from '../harness/support/random';
import { ConversationRecorder, repeat } from './conversations';
import { startSeparateHost } from './fuzz-target';
import { cpuOfEach, perSecond, quickest, thriftiest, timed, type Timed } from './timed';
import type { BenchReport, BenchSection } from './section';

const LANES = 16;
const SEED = 1;
const CASES = 4000;
const ROUNDS = 5;

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
  const recorder = new ConversationRecorder();
  recorder.begin();
  const recording = await openSession(port, connections, recorder);
  await recording.run(indices(0, CASES));
  recording.close();
  const conversations = recorder.end();
  const session = await openSession(port, connections);
  const own: Timed[] = [];
  const bare: Timed[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(await timed(() => repeat(port, conversations, LANES).then(() => CASES)));
    own.push(await timed(() => session.run(indices(0, CASES)).then(() => CASES)));
  }
  session.close();
  const [rate, bareRate] = [own, bare].map((all) => perSecond(quickest(all)));
  const [cpu, bareCpu] = [own, bare].map((all) => cpuOfEach(thriftiest(all)));
  const what = connections === 'kept' ? `${LANES} kept connections` : `a connection each, ${LANES} at a time`;
  report.measured(`cases, ${what}`, rate!, 'a second', { atLeast: wanted });
  report.measured('    bare sockets with the same bytes', bareRate!, 'a second');
  report.measured('    share of the bare loop', rate! / bareRate!, '', { atLeast: 0.6 });
  report.measured('    processor time', cpu!, 'us a case');
  report.measured('    that of the bare loop', bareCpu!, 'us a case');
  report.measured('    share of the bare loop in processor time', bareCpu! / cpu!, '', { atLeast: 0.6 });
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
