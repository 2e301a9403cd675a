import type { Command } from 'commander';
import type { Report } from '../../../reports/results/model';
import { fleetChart } from '../../jobs/fleet/chart';
import {
  describeSite,
  exampleOfFleet,
  type FleetJobOptions,
  type FleetJobOutcome,
  runFleet,
} from '../../jobs/fleet/fleet-job';
import { limitHeapGrowth } from '../../support/frugal-heap';
import { fleetSummary, machineLines } from '../../jobs/fleet/summary';
import { UsageError } from '../../support/usage-error';
import { addFleetOptions, type FleetCommand, fleetPlan } from '../options/fleet-options';
import { addReportOptions, addTargetOptions, resolveSettings } from '../options/options';
import { linesOf } from '../output/listing';
import { timeLeft, whileTelling } from '../output/progress-line';
import { report, runJob } from '../pipeline/run-job';
import type { Verb } from '../verb';

/** `kmsspec fleet`: a fleet of clients in virtual time. */
export const verb: Verb = {
  configure(command: Command): void {
    addFleetOptions(addReportOptions(addTargetOptions(command)));
  },

  async run(_args, options, context): Promise<number> {
    const chosen = options as unknown as FleetCommand;
    const settings = await resolveSettings(options, context);
    const { target, seed, profile, keyGroup } = settings;
    const plan = { ...(await fleetPlan(chosen, context.cwd)), seed };
    limitHeapGrowth();
    if (target !== undefined && (chosen.via !== undefined || plan.hosts.length > 1)) {
      throw new UsageError('--target is one host over TCP: leave out --via, and further hosts');
    }
    const progress = progressOf(plan.days);
    const telling = <T>(job: () => Promise<T>): Promise<T> =>
      whileTelling(context, chosen.quiet === true, progress.text, job);
    const how: FleetJobOptions = {
      stepMs: chosen.step * 1000,
      keep: chosen.keep,
      signal: context.signal,
      onProgress: progress.reached,
    };
    const run = { verb: 'fleet', settings, context };
    const text = (outcome: FleetJobOutcome, written: Report): string =>
      linesOf(fleetLines(outcome, written, chosen.verbose === true));
    if (target === undefined && chosen.via !== 'tcp') {
      if (settings.pcap !== undefined)
        throw new UsageError('--pcap: nothing goes over the wire; add --via tcp, or name a --target');
      const site = { inProcess: chosen.via ?? 'lab', profile, keyGroup };
      const startedAt = new Date();
      const outcome = await telling(() => runFleet(plan, site, how));
      return report({ ...run, startedAt, target: describeSite(site) }, outcome, { text });
    }
    if (plan.hosts.length > 1)
      throw new UsageError('several hosts are simulated in this process only: leave out --via');
    return runJob(run, {
      example: (opened) => exampleOfFleet(plan, opened),
      run: (host) => telling(() => runFleet(plan, host, how)),
      text,
    });
  },
};

function fleetLines({ result, twin }: FleetJobOutcome, { results, run }: Report, verbose: boolean): string[] {
  const { outcome, message, reason } = results[0]!;
  const what = outcome === 'passed' ? "every count is the model's" : `${outcome}: ${message ?? reason}`;
  return [
    ...fleetChart(result),
    '',
    ...fleetSummary(result, twin),
    ...(verbose ? ['', ...machineLines(result)] : []),
    '',
    `seed ${run.seed}: ${what}`,
  ];
}

/** How far virtual time has come. */
function progressOf(days: number): { readonly reached: (hour: number) => void; readonly text: () => string } {
  const startedAt = performance.now();
  let day = 0;
  return {
    reached: (hour) => void (day = hour / 24),
    text: () => `day ${day.toFixed(0)} of ${days}${timeLeft(day, days, performance.now() - startedAt)}`,
  };
}
