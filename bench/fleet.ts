import {
  FLEET_EPOCH_MS,
  type FleetHost,
  inProcessFleetHost,
  modelHost,
  simulateFleet,
} from '../harness/jobs/fleet';
import { limitHeapGrowth } from '../harness/support/frugal-heap';
import { PROFILES } from '../harness/model/profile';
import { type BenchReport, type BenchSection, ConsoleReport } from './section';

const DAYS = 180;
const LARGE = 100_000;
const SMALL = 1_000;
/** So many small fleets cost about a tenth of the large one: enough to be past the compiler's warming up. */
const SMALL_FLEETS = 10;
const profile = PROFILES['win7-2008r2'];

export const section: BenchSection = {
  name: 'fleet',
  title: `${LARGE.toLocaleString('en')} clients over ${DAYS} virtual days, in process`,
  run,
};

export async function run(report: BenchReport): Promise<void> {
  limitHeapGrowth();
  await simulate(SMALL, () => modelHost(profile, FLEET_EPOCH_MS), 0);
  let smallCpu = 0;
  for (let seed = 1; seed <= SMALL_FLEETS; seed++) {
    smallCpu +=
      (await simulate(SMALL, () => modelHost(profile, FLEET_EPOCH_MS), seed)).cpuSeconds / SMALL_FLEETS;
  }
  const model = await simulate(LARGE, () => modelHost(profile, FLEET_EPOCH_MS), 1);
  const lab = await simulate(LARGE, () => inProcessFleetHost({ profile }, FLEET_EPOCH_MS), 1);
  report.measured('against the counting model', model.seconds, 's', { atMost: 120 });
  report.measured('against the lab host, every message encoded', lab.seconds, 's', { atMost: 120 });
  report.measured('    memory of the process at its most', Math.max(model.peakMb, lab.peakMb), 'MB', {
    atMost: 500,
  });
  const perClientDay = (cpuSeconds: number, clients: number): number => (cpuSeconds * 1e9) / clients / DAYS;
  const small = perClientDay(smallCpu, SMALL);
  const large = perClientDay(model.cpuSeconds, LARGE);
  report.measured(`CPU time of a client-day with ${SMALL} clients`, small, 'ns');
  report.measured(`CPU time of a client-day with ${LARGE} clients`, large, 'ns');
  report.measured('    the one against the other', large / small, 'times', { atMost: 1.5 });
}

interface Simulated {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

async function simulate(clients: number, host: () => FleetHost, seed: number): Promise<Simulated> {
  const started = performance.now();
  const cpuBefore = process.cpuUsage();
  let peakMb = 0;
  const { activated, differences } = await simulateFleet({
    groups: [
      {
        name: 'client',
        product: 'win7',
        count: clients,
        arrivals: { overHours: 72 },
        away: { share: 0.3, presentDays: 20, awayDays: 30 },
        incidents: [{ kind: 'reimage', everyDays: 300 }],
      },
    ],
    days: DAYS,
    hosts: [host()],
    seed,
    profile,
    onProgress: () => {
      peakMb = Math.max(peakMb, process.memoryUsage().rss / 1e6);
    },
  });
  if (activated !== clients || differences > 0)
    throw new Error(`${activated} of ${clients} activated, ${differences} differences`);
  return {
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: process.cpuUsage(cpuBefore).user / 1e6,
    peakMb,
  };
}

if (require.main === module) void run(new ConsoleReport((text) => process.stdout.write(text)));
