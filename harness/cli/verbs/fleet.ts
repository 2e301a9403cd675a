import { type Command, InvalidArgumentError } from 'commander';
import { resolve } from 'node:path';
import { type KmsRequestInput, PRODUCTS } from '../../../protocol';
import { exitCode } from '../../../reports/exit-code';
import { escapeTerminal } from '../../../reports/escape/terminal';
import type { Result } from '../../../reports/model';
import { askTarget } from '../../asked-target';
import { machineRequest } from '../../client';
import { formatDuration, parseDuration } from '../../duration';
import { fleetChart } from '../../fleet/chart';
import {
  controlledFleetHost,
  FLEET_EPOCH_MS,
  type FleetGroup,
  type FleetHost,
  type FleetHostPlan,
  type FleetResult,
  fleetSection,
  inProcessFleetHost,
  modelHost,
  runFleet,
} from '../../fleet';
import { limitHeapGrowth } from '../../fleet/frugal-heap';
import { readPlanFile } from '../../fleet/plan-file';
import { Random } from '../../random';
import type { Target } from '../../target';
import { UsageError } from '../../usage-error';
import { begin, type Beginning } from '../beginning';
import { oneOf, wholeNumber } from '../option-values';
import { addReportOptions, addTargetOptions, resolveSettings, type Settings } from '../options';
import { writeReports } from '../report-files';
import { sectionReport } from '../section-report';
import type { CliContext, Verb } from '../verb';
import { withTarget } from '../with-target';

interface FleetCommand {
  readonly clients: number;
  readonly servers: number;
  readonly clientProduct: string;
  readonly serverProduct: string;
  readonly days?: number;
  readonly arrivals: number;
  readonly laptops: number;
  readonly away: number;
  readonly reimage?: number;
  readonly hosts: number;
  readonly outage: readonly NamedOutage[];
  readonly plan?: string;
  readonly via?: 'lab' | 'model' | 'tcp';
  readonly step: number;
  readonly keep?: boolean;
  readonly quiet?: boolean;
}

const DEFAULT_DAYS = 180;
const PRODUCT_KEYS = PRODUCTS.map(({ key }) => key);

/** `kmsspec fleet`: a fleet of clients in virtual time. */
export const verb: Verb = {
  configure(command: Command): void {
    addReportOptions(addTargetOptions(command))
      .option('--clients <N>', 'machines with a client system', wholeNumber(0, 1_000_000), 500)
      .option('--servers <N>', 'machines with a server system', wholeNumber(0, 1_000_000), 0)
      .option(
        '--client-product <KEY>',
        'what the clients are (kmsspec list products)',
        oneOf(...PRODUCT_KEYS),
        'win7',
      )
      .option('--server-product <KEY>', 'what the servers are', oneOf(...PRODUCT_KEYS), 'r2-b')
      .option('--days <N>', 'virtual days; 180 unless told', wholeNumber(1, 3650))
      .option('--arrivals <TIME>', 'all machines are started within this time', duration, 86_400)
      .option(
        '--laptops <PERCENT>',
        'share of the machines that is away now and then',
        wholeNumber(0, 100),
        0,
      )
      .option(
        '--away <TIME>',
        'how long laptops are away, on average; present as long',
        duration,
        30 * 86_400,
      )
      .option('--reimage <TIME>', 'machines are re-imaged every so often, on average', duration)
      .option(
        '--hosts <N>',
        'so many hosts in DNS, of the same priority (not with --target)',
        wholeNumber(1, 16),
        1,
      )
      .option('--outage <HOST:FROM-TO>', 'a host is down, as 1:10d-14d (several)', outage, [])
      .option('--plan <FILE>', 'fleet and hosts in YAML instead of the options above')
      .option(
        '--via <WAY>',
        'without --target: lab (a lab host in this process, the default), model (the bare counting model), tcp',
        oneOf('lab', 'model', 'tcp'),
      )
      .option('--step <TIME>', "over TCP: how far the host's clock may stay behind", duration, 600)
      .option('--keep', 'over TCP: one connection for all requests');
  },

  async run(_args, options, context): Promise<number> {
    const chosen = options as unknown as FleetCommand;
    const settings = await resolveSettings(options, context);
    const plan = await planOf(chosen, context);
    limitHeapGrowth();
    if (settings.target !== undefined && (chosen.via !== undefined || plan.hosts.length > 1)) {
      throw new UsageError('--target is one host over TCP: leave out --via and --hosts');
    }
    if (settings.target === undefined && chosen.via !== 'tcp') {
      if (settings.pcap !== undefined)
        throw new UsageError('--pcap: nothing goes over the wire; add --via tcp, or name a --target');
      const host = chosen.via === 'model' ? modelHost : labHost;
      const hosts = plan.hosts.map((each) => host(settings.profile, FLEET_EPOCH_MS, each));
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

const labHost = (profile: Settings['profile'], startMs: number, plan: FleetHostPlan): FleetHost =>
  inProcessFleetHost({ profile }, startMs, plan);

/** What the first machines of the fleet are going to ask. */
function exampleOf({ groups }: Plan, { clock }: Target, { seed }: Settings): KmsRequestInput | null {
  const [group] = groups;
  return group === undefined
    ? null
    : machineRequest({ product: group.product, random: new Random(seed), clock });
}

interface Plan {
  readonly days: number;
  readonly groups: readonly FleetGroup[];
  readonly hosts: readonly FleetHostPlan[];
}

async function planOf(chosen: FleetCommand, { cwd }: CliContext): Promise<Plan> {
  if (chosen.plan !== undefined) {
    const { days, groups, hosts } = await readPlanFile(resolve(cwd, chosen.plan));
    return { days: chosen.days ?? days ?? DEFAULT_DAYS, groups, hosts: hosts ?? [{}] };
  }
  const { laptops, away, reimage, outage: outages } = chosen;
  const alike: Pick<FleetGroup, 'arrivals' | 'away' | 'incidents'> = {
    arrivals: { overHours: chosen.arrivals / 3600 },
    ...(laptops === 0
      ? {}
      : { away: { share: laptops / 100, presentDays: away / 86_400, awayDays: away / 86_400 } }),
    ...(reimage === undefined ? {} : { incidents: [{ kind: 'reimage', everyDays: reimage / 86_400 }] }),
  };
  const misplaced = outages.find(({ host }) => host > chosen.hosts);
  if (misplaced !== undefined)
    throw new UsageError(`--outage ${misplaced.host}: there is no such host, see --hosts`);
  return {
    days: chosen.days ?? DEFAULT_DAYS,
    groups: [
      { ...alike, name: 'client', product: chosen.clientProduct, count: chosen.clients },
      { ...alike, name: 'server', product: chosen.serverProduct, count: chosen.servers },
    ].filter(({ count }) => count > 0),
    hosts: Array.from({ length: chosen.hosts }, (_, index) => ({
      outages: outages.filter(({ host }) => host === index + 1),
    })),
  };
}

interface Job {
  readonly plan: Plan;
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
  const common = { groups, days, seed, profile, keyGroup: settings.keyGroup ?? ('any' as const) };
  const progress = progressOf(context, chosen, days);
  const result = await runFleet({ ...common, hosts, signal: context.signal, onProgress: progress });
  const twin = hosts[0]!.asked.name === 'counting model' ? result : await expectedRun(common, plan, context);
  progress(null);
  const report = sectionReport({
    verb: 'fleet',
    settings,
    context,
    target,
    startedAt,
    result: judge(result, twin, beginning, context),
    ended: endingOf(result, context),
    sections: { fleet: fleetSection(result) },
  });
  if (settings.reports.json !== '-') {
    const lines = [
      ...fleetChart(result),
      '',
      ...summaryLines(result, twin),
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
  common: Pick<Parameters<typeof runFleet>[0], 'groups' | 'days' | 'seed' | 'profile'>,
  { hosts }: Plan,
  { signal }: CliContext,
): Promise<FleetResult> {
  return runFleet({
    ...common,
    hosts: hosts.map((each) => modelHost(common.profile, FLEET_EPOCH_MS, each)),
    signal,
  });
}

function endingOf(result: FleetResult, { signal }: CliContext) {
  const [host] = result.hosts;
  if (result.endedAtHour !== null && signal.aborted) {
    return { how: 'interrupted' as const, message: `at virtual hour ${result.endedAtHour.toFixed(1)}` };
  }
  if (result.hosts.some(({ requests, failures }) => requests > failures)) return undefined;
  if (host === undefined || host.firstFailure === null) return undefined;
  return { how: 'target-unreachable' as const, message: host.firstFailure };
}

type Verdict = Omit<Result, 'durationMs' | 'suite' | 'repeat'>;

function judge(
  result: FleetResult,
  twin: FleetResult,
  { isFresh, problem }: Beginning,
  { signal }: CliContext,
): Verdict {
  const verdict = {
    id: 'FLEET',
    level: 'MUST' as const,
    title: `counts a fleet of ${result.clients} machines over ${result.days} virtual days as the model does`,
    source: 'HM, UK 2.2, UK 2.3, UK 2.4, VA',
    expected: activations(twin),
    received: activations(result),
  };
  const { firstDifference, conclusiveDifferences, hosts, notShown } = result;
  const failures = hosts.reduce((sum, host) => sum + host.failures, 0);
  const notes =
    failures === 0
      ? {}
      : {
          notes: [
            `${failures} requests got no answer: ${hosts.find((host) => host.firstFailure !== null)!.firstFailure}`,
          ],
        };
  if (hosts.every(({ requests, failures: lost }) => requests === lost)) {
    return { ...verdict, ...notes, outcome: 'not-run', reason: hosts[0]?.firstFailure ?? 'nobody asked' };
  }
  if (firstDifference !== null && conclusiveDifferences > 0) {
    const message = `virtual hour ${firstDifference.hour.toFixed(2)}, ${firstDifference.host}: ${firstDifference.message} (${result.differences} of ${result.requests} answers differ)`;
    return isFresh
      ? { ...verdict, ...notes, outcome: 'failed', message }
      : {
          ...verdict,
          ...notes,
          outcome: 'inconclusive',
          message,
          reason: problem ?? 'the host was not known to be fresh',
        };
  }
  if (notShown.length > 0)
    return { ...verdict, ...notes, outcome: 'inconclusive', reason: notShown.join('; ') };
  if (signal.aborted) return { ...verdict, ...notes, outcome: 'inconclusive', reason: 'interrupted' };
  return { ...verdict, ...notes, outcome: 'passed' };
}

const hours = (hour: number | null): string => (hour === null ? 'never' : formatDuration(hour * 3600));

const activations = ({ activated, clients, firstActivationHour, lastActivationHour }: FleetResult): string =>
  `${activated} of ${clients} activated, the first after ${hours(firstActivationHour)}, the last after ${hours(lastActivationHour)}`;

function summaryLines(result: FleetResult, twin: FleetResult): string[] {
  const { requestsPerHour, hosts } = result;
  const peak = requestsPerHour.reduce((most, count) => Math.max(most, count), 0);
  const lapsed = result.machines.filter(({ lapses }) => lapses > 0).length;
  return [
    activations(result),
    `the model expects: ${activations(twin)}`,
    `${lapsed} machines ended in notification at some time`,
    `${result.requests} requests, ${(result.requests / requestsPerHour.length).toFixed(1)} an hour on average, ${peak} in the busiest (hour ${requestsPerHour.indexOf(peak)})`,
    ...hosts.map(
      (host, index) =>
        `host ${index + 1} (${host.name}): ${host.requests} requests, highest count ${host.highestCount} of ${host.capacity} places${host.failures > 0 ? `, ${host.failures} not answered` : ''}`,
    ),
    ...result.notShown.map((what) => `not shown: ${what}`),
  ];
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

function duration(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined || seconds <= 0)
    throw new InvalidArgumentError('expected a time such as 30d, 12h or 90s.');
  return seconds;
}

interface NamedOutage {
  /** From 1. */
  readonly host: number;
  readonly fromHour: number;
  readonly toHour: number;
}

function outage(text: string, before: readonly NamedOutage[]): readonly NamedOutage[] {
  const [, host = '', from = '', to = ''] = /^(\d{1,2}):([^-]+)-([^-]+)$/.exec(text) ?? [];
  const start = from === '0' ? 0 : parseDuration(from);
  const end = parseDuration(to);
  if (start === undefined || end === undefined || end <= start || host === '0') {
    throw new InvalidArgumentError('expected HOST:FROM-TO, such as 1:10d-14d.');
  }
  return [...before, { host: Number(host), fromHour: start / 3600, toHour: end / 3600 }];
}
