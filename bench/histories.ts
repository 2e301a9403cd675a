import { HistoryChecker } from '../harness/model/history/history-checker';
import {
  type Agreement,
  disagreement,
  distinctShapes,
  everyNaming,
  nearCounts,
} from '../harness/model/history/testing/agreement';
import { madeHistory } from '../harness/model/history/testing/made-histories';
import type { PlainRequest } from '../harness/model/history/testing/plain-orders';
import { runLoad } from '../harness/jobs/load/load-job';
import { runRounds } from '../harness/jobs/load/rounds';
import type { FaultName } from '../harness/lab-host';
import { OVERLAP_FAULTS } from '../harness/lab-host/faults/overlap';
import { HABITS } from '../harness/lab-host/habits/habits';
import { Random } from '../harness/support/random';
import { openTarget } from '../harness/target';
import { runOnLab } from '../scenarios/testing/lab-run';

/**
 * `npm run histories -- WHAT …`: what docs/histories.md says of the checker, measured. Time is that of the processor, so that others on the machine
 * do not count.
 * - speed [REQUESTS] [MACHINES]: a load of 64 connections, checked as it comes, and heap on the way. Less than 50 machines never fill the cache
 * - agree [SIZE] [POLICIES]: every overlap of so many requests against the trial of every order
 * - random [HISTORIES]: random ones of up to 12 requests
 * - faults [SEEDS] [SECONDS]: the faults of overlap, each by `load --rounds` of so many seconds at most, and by `run` of what they break
 * - good [SECONDS]: the good host and those with habits, so long in all, by `load` and `load --rounds`
 */

/** Requests that are made before they are checked, so that making them takes no part of the time. */
const CHUNK = 20_000;

function speed(requests: number, machines: number): void {
  const random = new Random(1);
  const next = (nth: number) =>
    nth < 2_000 && machines > 50
      ? { clientMachineId: `server ${random.int(0, 60)}`, requiredClientCount: 5 }
      : { clientMachineId: `client ${nth % machines}`, requiredClientCount: 25 };
  const checker = new HistoryChecker({ largestPolicy: 25 });
  const waiting: { readonly request: Parameters<HistoryChecker['add']>[0]; readonly passedMs: number }[] = [];
  let checkedMs = 0;
  const drain = (): void => {
    const from = process.cpuUsage();
    for (const { request, passedMs } of waiting.splice(0)) {
      checker.add(request);
      checker.passed(passedMs);
    }
    const { user, system } = process.cpuUsage(from);
    checkedMs += (user + system) / 1000;
  };
  let made = 0;
  for (const each of madeHistory({ requests, connections: 64, random: new Random(2), next })) {
    waiting.push(each);
    const isTold = ++made % Math.ceil(requests / 10) === 0;
    if (isTold || waiting.length === CHUNK) drain();
    if (!isTold) continue;
    global.gc?.();
    const heap = (process.memoryUsage().heapUsed / 1e6).toFixed(1);
    console.log(`${made} requests: ${(checkedMs / 1000).toFixed(2)} s, heap ${heap} MB`);
  }
  drain();
  checker.finish();
  console.log(`${checker.judged} judged, ${checker.unjudged} not, ${checker.failures.length} failures`);
}

function tell(agreement: Agreement, differing: readonly string[]): void {
  console.log(
    `${agreement.looked} histories, ${agreement.wrong} without an order, ${differing.length} differ`,
  );
  for (const each of differing.slice(0, 5)) console.log(each);
  if (differing.length > 0) process.exitCode = 1;
}

/**
 * Machines up to three, N_Policy 1, and one of the requests with 2: the last, or each in turn. Every list of counts that some order gives, and every one
 * that differs from such a one by one in one place.
 */
function agree(size: number, policies: 'last' | 'each'): void {
  const agreement: Agreement = { looked: 0, wrong: 0 };
  const differing: string[] = [];
  const growing = policies === 'last' ? [-1, size - 1] : Array.from({ length: size + 1 }, (_, i) => i - 1);
  const shapes = distinctShapes(size);
  for (const [done, overlap] of shapes.entries()) {
    for (const names of everyNaming(size, 3)) {
      for (const grows of growing) {
        const requests = overlap.map((times, i) => ({
          ...times,
          clientMachineId: `m${names[i]}`,
          requiredClientCount: i === grows ? 2 : 1,
        }));
        for (const counts of nearCounts(requests)) {
          const differs = disagreement(requests, counts, agreement);
          if (differs !== null) differing.push(differs);
        }
      }
    }
    const seconds = Math.round(process.cpuUsage().user / 1e6);
    if (size > 5)
      console.log(`${done + 1} of ${shapes.length} overlaps, ${agreement.looked} histories, ${seconds} s`);
  }
  tell(agreement, differing);
}

function randomly(histories: number): void {
  const random = new Random(7);
  const agreement: Agreement = { looked: 0, wrong: 0 };
  const differing: string[] = [];
  while (agreement.looked < histories) {
    const size = random.int(1, 12);
    const policy = random.pick([2, 3]);
    const requests = Array.from({ length: size }, (): PlainRequest => {
      const start = random.int(0, 2 * size);
      const requiredClientCount = random.chance(0.3) ? policy : 1;
      return {
        start,
        end: start + random.int(0, 4),
        clientMachineId: `m${random.int(1, 6)}`,
        requiredClientCount,
      };
    });
    for (const counts of nearCounts(requests, 2)) {
      const differs = disagreement(requests, counts, agreement);
      if (differs !== null) differing.push(differs);
    }
  }
  tell(agreement, differing);
}

/** What a fault of overlap breaks, as far as it is known by `run`: each names its own requirement, and may show in another first. */
const OVERLAP_REQUIREMENTS = ['CNT-12', 'CNT-17', 'CNT-18', 'CNT-19', 'CACHE-14'];

async function byRounds(name: FaultName | null, seed: number, seconds: number): Promise<boolean> {
  const target = await openTarget({ lab: { faults: name === null ? [] : [name], seed } });
  const durationMs = name === null ? 1 : 1000 * seconds;
  const { results } = await runRounds({ durationMs, seed, connections: 32 }, { target });
  await target.close();
  return results[0]!.outcome === 'failed';
}

async function byRun(name: FaultName | null, seed: number): Promise<boolean> {
  const { results } = await runOnLab({
    ids: OVERLAP_REQUIREMENTS,
    faults: name === null ? [] : [name],
    seed,
    lab: { seed },
  });
  return results.some(({ outcome }) => outcome === 'failed');
}

async function faults(seeds: number, seconds: number): Promise<void> {
  for (const name of [null, ...OVERLAP_FAULTS.map((fault) => fault.name)]) {
    const found = { load: 0, run: 0 };
    for (let seed = 1; seed <= seeds; seed++) {
      if (await byRounds(name, seed, seconds)) found.load++;
      if (await byRun(name, seed)) found.run++;
    }
    console.log(
      `${(name ?? 'a good host').padEnd(24)} told in ${found.load} of ${seeds} seeds by load, in ${found.run} by run`,
    );
  }
}

/** The good host and those with habits in turn, a second of load and some rounds each, until the time is over. */
async function good(seconds: number): Promise<void> {
  const hosts = [[], ...HABITS.map(({ name }) => [name])];
  const told = new Map<string, { judged: number; accused: number }>();
  const note = (
    what: string,
    { outcome, message }: { outcome: string; message?: string | undefined },
    judged: number,
  ): void => {
    const so = told.get(what) ?? { judged: 0, accused: 0 };
    told.set(what, { judged: so.judged + judged, accused: so.accused + (outcome === 'failed' ? 1 : 0) });
    if (outcome === 'failed') console.log(`${what} IS ACCUSED: ${message}`);
  };
  const endsAtMs = performance.now() + 1000 * seconds;
  for (let seed = 1; performance.now() < endsAtMs; seed++) {
    const habits = hosts[seed % hosts.length]!;
    const what = habits[0] ?? 'a good host';
    // With more this host is late for most, which is another matter.
    const connections = what === 'takes-1-s-one-at-a-time' ? 4 : 64;
    const load = await openTarget({ lab: { habits, seed } });
    const { results, result } = await runLoad(
      { rate: null, durationMs: 1000, mode: 'kept', machines: 200, connections, seed, threads: 0 },
      { target: load },
    );
    await load.close();
    for (const each of results) note(`${what}, load`, each, each.id === 'ORDER' ? result.history!.judged : 0);
    // A host that takes a second over each answer takes minutes over a round.
    if (what === 'takes-1-s-one-at-a-time') continue;
    const rounds = await openTarget({ lab: { habits, seed } });
    const outcome = await runRounds({ durationMs: 1000, seed, connections: 32 }, { target: rounds });
    await rounds.close();
    for (const each of outcome.results) note(`${what}, rounds`, each, 0);
  }
  for (const [what, { judged, accused }] of told)
    console.log(`${what.padEnd(48)} ${accused} accusations${judged > 0 ? `, ${judged} answers judged` : ''}`);
  if ([...told.values()].some(({ accused }) => accused > 0)) process.exitCode = 1;
}

async function main(what = 'speed', amount?: string, more?: string): Promise<void> {
  if (what === 'speed') speed(Number(amount ?? 100_000), Number(more ?? 1000));
  else if (what === 'agree') agree(Number(amount ?? 4), more === 'each' ? 'each' : 'last');
  else if (what === 'random') randomly(Number(amount ?? 100_000));
  else if (what === 'faults') await faults(Number(amount ?? 20), Number(more ?? 10));
  else if (what === 'good') await good(Number(amount ?? 600));
  else {
    console.error('name one of speed, agree, random, faults, good');
    process.exitCode = 2;
  }
}

if (require.main === module) void main(...process.argv.slice(2));
