import { PROFILES } from '../harness/model/profile';
import { Random } from '../harness/random';
import { StreamModel } from '../harness/stream/expectation';
import { generate } from '../harness/stream/generate';
import { parseStream } from '../harness/stream/parse';

const REQUESTS = 1_000_000;
const GOAL_PER_SECOND = 200_000;

const STREAMS: readonly (readonly [name: string, notation: string])[] = [
  ['new clients', `client*${REQUESTS}`],
  [
    'mix with renewals, clones and re-imaged machines',
    `mix(servers=20%, virtual=10%, renewals=50%, duplicates=1%, clones=1%, reimaged=2%)*${REQUESTS}`,
  ],
  ['servers and clients in turn, renewed', `(server*5 client*20 renew(server)*5 renew*20)*${REQUESTS / 50}`],
];

/** Streams of a million requests against the counting model: requests a second, and what memory grew by. */
export function run(): Promise<void> {
  console.log(
    `streams: ${REQUESTS.toLocaleString('en')} requests against the counting model (goal: ${GOAL_PER_SECOND} a second)`,
  );
  for (const [name, notation] of STREAMS) {
    const heapBefore = heapMb();
    const started = process.hrtime.bigint();
    const { requests, lastCount, heapAfterFifth, heapAtEnd } = play(notation);
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    const perSecond = Math.round(requests / seconds);
    console.log(
      `  ${name}: ${perSecond} a second, ${(perSecond / GOAL_PER_SECOND).toFixed(1)} times the goal; heap ${heapBefore} MB before, ${heapAfterFifth} MB after a fifth, ${heapAtEnd} MB at the end; last count ${lastCount}`,
    );
  }
  return Promise.resolve();
}

function play(notation: string): {
  requests: number;
  lastCount: number;
  heapAfterFifth: number;
  heapAtEnd: number;
} {
  const model = new StreamModel(PROFILES['win7-2008r2']);
  let nowMs = 0;
  let requests = 0;
  let lastCount = 0;
  let heapAfterFifth = 0;
  let heapAtEnd = 0;
  for (const step of generate(parseStream(notation), { random: new Random(1) })) {
    if (step.kind !== 'request') continue;
    lastCount = model.grant(step.machine, (nowMs += 100)).count;
    if (++requests === REQUESTS / 5) heapAfterFifth = heapMb();
    if (requests === REQUESTS) heapAtEnd = heapMb();
  }
  return { requests, lastCount, heapAfterFifth, heapAtEnd };
}

/** What is alive: with --expose-gc after a collection, else as it stands. */
function heapMb(): number {
  globalThis.gc?.();
  return Math.round(process.memoryUsage().heapUsed / 1e6);
}

export const section = { name: 'streams', run };

if (require.main === module) void run();
