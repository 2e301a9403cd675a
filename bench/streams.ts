import { PROFILES } from '../harness/model/profile';
import { Random } from '../harness/support/random';
import { ExpectedCounts } from '../harness/model/expectation';
import { generate } from '../harness/jobs/stream/generate';
import { parseStream } from '../harness/jobs/stream/parse';
import { type BenchReport, type BenchSection, ConsoleReport } from './section';

const REQUESTS = 1_000_000;
const GOAL_PER_SECOND = 200_000;
/** Machines that a stream remembers fill up first; behind that nothing may grow. */
const FILLED = REQUESTS / 5;

const STREAMS: readonly (readonly [name: string, notation: string])[] = [
  ['new clients only', `client*${REQUESTS}`],
  [
    'a mix with renewals, clones and re-imaged machines',
    `mix(servers=20%, virtual=10%, renewals=50%, duplicates=1%, clones=1%, reimaged=2%)*${REQUESTS}`,
  ],
  ['servers and clients in turn, renewed', `(server*5 client*20 renew(server)*5 renew*20)*${REQUESTS / 50}`],
];

export const section: BenchSection = {
  name: 'streams',
  title: `${REQUESTS.toLocaleString('en')} requests generated and counted by the model`,
  run,
};

/** Requests a second, and what memory grew by once the remembered machines are complete. */
export function run(report: BenchReport): Promise<void> {
  for (const [name, notation] of STREAMS) {
    const { seconds, cpuSeconds, grownMb } = play(notation);
    report.measured(name, REQUESTS / seconds, 'a second', { atLeast: GOAL_PER_SECOND });
    report.measured('    by CPU time, where other programs run', REQUESTS / cpuSeconds, 'a second');
    report.measured('    memory grown from a fifth of it to its end', grownMb, 'MB', { atMost: 10 });
  }
  return Promise.resolve();
}

interface Played {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly grownMb: number;
}

function play(notation: string): Played {
  const model = new ExpectedCounts(PROFILES['win7-2008r2']);
  const steps = generate(parseStream(notation), { random: new Random(1) });
  const started = process.hrtime.bigint();
  const cpuBefore = process.cpuUsage();
  let nowMs = 0;
  let lastCount = 0;
  let filledMb = 0;
  let requests = 0;
  let measuringNs = 0n;
  for (const step of steps) {
    if (step.kind !== 'request') continue;
    lastCount = model.granted(step.machine, null, (nowMs += 100))!.count;
    if (++requests !== FILLED) continue;
    const before = process.hrtime.bigint();
    filledMb = aliveMb();
    measuringNs = process.hrtime.bigint() - before;
  }
  const seconds = Number(process.hrtime.bigint() - started - measuringNs) / 1e9;
  const cpuSeconds = process.cpuUsage(cpuBefore).user / 1e6;
  if (lastCount !== 50 || requests !== REQUESTS)
    throw new Error(`${notation}: ended at ${lastCount} after ${requests}`);
  const grownMb = Math.max(0, aliveMb() - filledMb);
  return { seconds, cpuSeconds, grownMb: Math.round(grownMb * 10) / 10 };
}

/** Megabytes that are alive: exact with --expose-gc, else what the last collections left. */
function aliveMb(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1e6;
}

if (require.main === module) void run(new ConsoleReport((text) => process.stdout.write(text)));
