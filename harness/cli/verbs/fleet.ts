import type { Command } from 'commander';
import type { KmsRequestInput } from '../../../protocol';
import { exitCode } from '../../../reports/exit-code';
import { escapeTerminal } from '../../../reports/escape/terminal';
import type { Result } from '../../../reports/model';
import { askTarget } from '../../asked-target';
import { machineRequest } from '../../client';
import {
  controlledFleetHost,
  FLEET_EPOCH_MS,
  type FleetHost,
  type FleetHostPlan,
  type FleetResult,
  fleetSection,
  inProcessFleetHost,
  modelHost,
  runFleet,
} from '../../fleet';
import { fleetChart } from '../../fleet/chart';
import { limitHeapGrowth } from '../../fleet/frugal-heap';
import { fleetSummary, machineLines } from '../../fleet/summary';
import { judgeFleet } from '../../fleet/verdict';
import { Random } from '../../random';
import type { Target } from '../../target';
import { UsageError } from '../../usage-error';
import { begin, type Beginning } from '../beginning';
import { addFleetOptions, type FleetCommand, type FleetPlan, fleetPlan } from '../fleet-options';
import { addReportOptions, addTargetOptions, resolveSettings, type Settings } from '../options';
import { writeReports } from '../report-files';
import { sectionReport } from '../section-report';
import type { CliContext, Verb } from '../verb';
import { withTarget } from '../with-target';

/** Requests without an answer, one after the other, that tell a dead host from one that has lost some. */
const GIVE_UP_AFTER = 10;

/** `kmsspec fleet`: a fleet of clients in virtual time. */
export const verb: Verb = {
  configure(command: Command): void {
    addFleetOptions(addReportOptions(addTargetOptions(command)));
  },

  async run(_args, options, context): Promise<number> {
    const chosen = options as unknown as FleetCommand;
    const settings = await resolveSettings(options, context);
    const plan = await fleetPlan(chosen, context.cwd);
    limitHeapGrowth();
    if (settings.target !== undefined && (chosen.via !== undefined || plan.hosts.length > 1)) {
      throw new UsageError('--target is one host over TCP: leave out --via, and further hosts');
    }
    if (settings.target === undefined && chosen.via !== 'tcp') {
      if (settings.pcap !== undefined)
        throw new UsageError('--pcap: nothing goes over the wire; add --via tcp, or name a --target');
      const host = chosen.via === 'model' ? modelHost : labHost;
      const hosts = plan.hosts.map((each) => host(settings.profile, FLEET_EPOCH_MS, each, settings.keyGroup));
      const target = {
        address: hosts[0]!.asked.name,
        embedded: true,
        profile: settings.profile.name,
        controls: ['clock'],
      };
      const beginning = { isFresh: true, problem: null };
      return simulate({ plan, hosts, settings, context, chosen, target, beginning });
    }
    if (plan.hosts.length > 1)
      throw new UsageError('several hosts are simulated in this process only: leave out --via');
    return withTarget(settings, context, async ({ target, observer }) => {
      const asked = askTarget(target, { keep: chosen.keep === true, observer });
      try {
        const beginning = await begin(target, exampleOf(plan, target, settings), settings);
        const hosts = [controlledFleetHost(asked, chosen.step * 1000, plan.hosts[0])];
        return await simulate({
          ...{ plan, hosts, settings, context, chosen, beginning },
          target: target.description,
        });
      } finally {
        await asked.close();
      }
    });
  },
};

const labHost = (
  profile: Settings['profile'],
  startMs: number,
  plan: FleetHostPlan,
  keyGroup: Settings['keyGroup'] = 'any',
): FleetHost => inProcessFleetHost({ profile, keyGroup }, startMs, plan);

/** What the first machines of the fleet are going to ask. */
function exampleOf({ groups }: FleetPlan, { clock }: Target, { seed }: Settings): KmsRequestInput | null {
  const [group] = groups;
  return group === undefined
    ? null
    : machineRequest({ product: group.product, random: new Random(seed), clock });
}

interface Job {
  readonly plan: FleetPlan;
  readonly hosts: readonly FleetHost[];
  readonly settings: Settings;
  readonly context: CliContext;
  readonly chosen: FleetCommand;
  readonly target: Parameters<typeof sectionReport>[0]['target'];
  readonly beginning: Beginning;
}

async function simulate({ plan, hosts, settings, context, chosen, target, beginning }: Job): Promise<number> {
  const { groups, days } = plan;
  const { seed, profile } = settings;
  const startedAt = new Date();
  const keyGroup = settings.keyGroup ?? (target.embedded ? 'any' : undefined);
  const common = { groups, days, seed, profile, keyGroup };
  const progress = progressOf(context, chosen, days);
  const result = await runFleet({
    ...common,
    hosts,
    signal: context.signal,
    onProgress: progress,
    giveUpAfter: GIVE_UP_AFTER,
  });
  const twin = hosts[0]!.asked.name === 'counting model' ? result : await expectedRun(common, plan, context);
  progress(null);
  const report = sectionReport({
    verb: 'fleet',
    settings,
    context,
    target,
    startedAt,
    result: judgeFleet(result, twin, { ...beginning, interrupted: context.signal.aborted }),
    ended: endingOf(result, context),
    sections: { fleet: fleetSection(result) },
  });
  if (settings.reports.json !== '-') {
    const lines = [
      ...fleetChart(result),
      '',
      ...fleetSummary(result, twin),
      ...(chosen.verbose === true ? ['', ...machineLines(result)] : []),
      '',
      verdictLine(report.results[0]!, settings),
    ];
    context.stdout.write(`${lines.map(escapeTerminal).join('\n')}\n`);
  }
  await writeReports(report, settings, context);
  return exitCode(report);
}

/** The same fleet against hosts that count as the model does: what is to be expected. */
function expectedRun(
  common: Pick<Parameters<typeof runFleet>[0], 'groups' | 'days' | 'seed' | 'profile' | 'keyGroup'>,
  { hosts }: FleetPlan,
  { signal }: CliContext,
): Promise<FleetResult> {
  return runFleet({
    ...common,
    hosts: hosts.map((each) => modelHost(common.profile, FLEET_EPOCH_MS, each, common.keyGroup)),
    signal,
  });
}

function endingOf(result: FleetResult, { signal }: CliContext) {
  if (result.endedAtHour !== null && signal.aborted) {
    return { how: 'interrupted' as const, message: `at virtual hour ${result.endedAtHour.toFixed(1)}` };
  }
  const [lost] = result.hosts.filter((host) => host.lost);
  if (lost === undefined || result.hosts.some((host) => host.requests > 0 && !host.lost)) return undefined;
  const how = lost.requests === lost.failures ? ('target-unreachable' as const) : ('target-died' as const);
  return { how, message: lost.firstFailure! };
}

function verdictLine({ outcome, message, reason }: Result, { seed }: Settings): string {
  const what = outcome === 'passed' ? "every count is the model's" : `${outcome}: ${message ?? reason}`;
  return `seed ${seed}: ${what}`;
}

/** A line on the terminal that is overwritten; null takes it away. */
function progressOf({ isTerminal, stderr }: CliContext, { quiet }: FleetCommand, days: number) {
  let shownAt = 0;
  return (hour: number | null): void => {
    if (!isTerminal || quiet) return;
    if (hour !== null && Date.now() - shownAt < 100) return;
    shownAt = Date.now();
    stderr.write(hour === null ? '\r\x1b[K' : `\r\x1b[Kday ${(hour / 24).toFixed(0)} of ${days}`);
  };
}
