import { join } from 'node:path';
import { CASE_LEVELS, type CampaignSettings } from '../harness/jobs/fuzz';
import { LocalWorker } from '../harness/jobs/fuzz/worker';
import { PROFILES } from '../harness/model/profile';
import { packageRoot } from '../harness/support/package-root';
import { ConversationRecorder, lanesOf, repeat } from './conversations';
import { cpuOfEach, perSecond, quickest, thriftiest, timed, type Timed } from './timed';
import type { BenchReport, BenchSection, Goal } from './section';
import { type MannerName, startStranger, type StrangerHost } from './stranger-host';

const BLOCK = 250;
const ROUNDS = 2;
/** Of each measurement; `FUZZ_STRANGERS_SECONDS` makes it longer. */
const MEASURED_MS = 1000 * Number(process.env['FUZZ_STRANGERS_SECONDS'] ?? 1.5);
const PROGRAM = join(packageRoot(), 'dist/harness/cli/main.js');

/** Cases a second against a public host before the fuzzer learned from hosts (issue 14), with controls and without, and how many times that is wanted. */
const BEFORE = { controlled: 5, blind: 42 };
const TIMES_BEFORE = 20;

interface Contest {
  readonly manner: MannerName;
  readonly goal: Goal;
  /** The host is reset before each case. */
  readonly controlled?: true;
}

const BLIND: Goal = { atLeast: TIMES_BEFORE * BEFORE.blind };
const CONTROLLED: Goal = { atLeast: TIMES_BEFORE * BEFORE.controlled };

const CONTESTS: readonly Contest[] = [
  { manner: 'keeps silent', goal: { atLeast: 1000 } },
  { manner: 'closes after one answer', goal: { atLeast: 1000 } },
  { manner: 'closes after one answer, and reads a connection after 20 ms', goal: BLIND },
  { manner: 'takes 20 ms', goal: BLIND },
  { manner: 'refuses all noise', goal: BLIND },
  { manner: 'has one table', goal: BLIND },
  { manner: 'keeps silent and has one table', goal: BLIND },
  { manner: 'has one table', goal: CONTROLLED, controlled: true },
];

function settingsOf({ port, controlPort }: StrangerHost, { controlled }: Contest): CampaignSettings {
  const command = [process.execPath, PROGRAM, 'ctl', String(controlPort), '-'];
  return {
    seed: 1,
    levels: CASE_LEVELS.filter((level) => level !== 'control'),
    corpus: join(packageRoot(), 'captures', 'corpus'),
    lanes: null,
    connections: 'kept',
    workers: 1,
    shard: { index: 1, of: 1 },
    timeoutMs: 15_000,
    stopOnFinding: false,
    out: null,
    target: {
      address: `127.0.0.1:${port}`,
      arguments: [],
      allowRemote: false,
      profile: PROFILES['win7-2008r2'],
      keyGroup: null,
      controls: controlled === true ? { command, persistent: true, offers: ['reset'] } : {},
      controlsFolder: packageRoot(),
      macKey: null,
      lab: {},
    },
  };
}

/** A campaign that can be had in parts. */
class Campaign {
  #next = 0;

  private constructor(private readonly worker: LocalWorker) {}

  static async open(settings: CampaignSettings, observer?: ConversationRecorder): Promise<Campaign> {
    return new Campaign(await LocalWorker.open(settings, { observer }));
  }

  /** Runs blocks of cases until a time is over. @returns how many cases @throws Error where a good host is accused */
  async run(forMs: number): Promise<number> {
    const until = performance.now() + forMs;
    const from = this.#next;
    do {
      const { findings, died } = await this.worker.run(this.#next, BLOCK, []);
      this.#next += BLOCK;
      const [wrong = died] = findings.map(({ message }) => message);
      if (wrong !== null) throw new Error(`a good host is accused: ${wrong}`);
    } while (performance.now() < until);
    return this.#next - from;
  }

  close(): Promise<void> {
    return this.worker.close();
  }
}

async function compete(contest: Contest, report: BenchReport): Promise<void> {
  report.note(`a host that ${contest.manner}`);
  const host = await startStranger(contest.manner);
  const recorder = new ConversationRecorder();
  const startedAt = performance.now();
  const campaign = await Campaign.open(settingsOf(host, contest), recorder);
  try {
    // The first block has the cases that every campaign begins with, and learns what the host keeps silent to.
    await campaign.run(0);
    const firstMs = performance.now() - startedAt;
    recorder.begin();
    const recorded = await timed(() => campaign.run(MEASURED_MS));
    const conversations = recorder.end();
    const lanes = lanesOf(conversations, recorded.ms);
    const own: Timed[] = [];
    const bare: Timed[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(await timed(() => repeat(host.port, conversations, lanes).then(() => recorded.count)));
      own.push(await timed(() => campaign.run(MEASURED_MS)));
    }
    tell(contest, { firstMs, own, bare, lanes }, report);
  } finally {
    await campaign.close();
    await host.close();
  }
}

interface Result {
  readonly firstMs: number;
  readonly own: readonly Timed[];
  readonly bare: readonly Timed[];
  readonly lanes: number;
}

function tell(
  { manner, goal, controlled }: Contest,
  { firstMs, own, bare, lanes }: Result,
  report: BenchReport,
): void {
  const rate = perSecond(quickest(own));
  const how = controlled === true ? ', reset before each case' : '';
  report.measured(`${manner}${how}: cases`, rate, 'a second', goal);
  report.measured(`    until its first ${BLOCK} cases were over`, firstMs / 1000, 's');
  report.measured('    processor time of the fuzzer', cpuOfEach(thriftiest(own)), 'us a case');
  // Resets are no bytes of a conversation: a bare loop would leave them out.
  if (controlled === true) return;
  const bareRate = perSecond(quickest(bare));
  report.measured(`    bare sockets with the same bytes and waits, ${lanes} at a time`, bareRate, 'a second');
  report.measured('    share of the bare loop', rate / bareRate, '');
  report.measured('    processor time of the bare loop', cpuOfEach(thriftiest(bare)), 'us a case');
}

/** `npm run bench -- fuzz-strangers [--times 5]` */
export const section: BenchSection = {
  name: 'fuzz-strangers',
  title:
    'fuzz cases a second against hosts that keep silent, close, are slow or have one table, and a bare loop of the same bytes and waits',
  onlyByName: true,
  async run(report) {
    for (const contest of CONTESTS) await compete(contest, report);
  },
};
