import { type Command, InvalidArgumentError } from 'commander';
import { resolve } from 'node:path';
import { PRODUCTS } from '../../protocol';
import { parseDuration } from '../duration';
import type { FleetGroup, FleetHostPlan } from '../fleet';
import { readPlanFile } from '../fleet/plan-file';
import { UsageError } from '../usage-error';
import { oneOf, wholeNumber } from './option-values';

/** The options of `kmsspec fleet`. Times are seconds. */
export interface FleetCommand {
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

/** Adds what `kmsspec fleet` takes beside a target and reports. */
export function addFleetOptions(command: Command): Command {
  return command
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
    .option('--laptops <PERCENT>', 'share of the machines that is away now and then', wholeNumber(0, 100), 0)
    .option('--away <TIME>', 'how long laptops are away, on average; present as long', duration, 30 * 86_400)
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
}

/** What is simulated: the machines, and the hosts that they find. */
export interface FleetPlan {
  readonly days: number;
  readonly groups: readonly FleetGroup[];
  readonly hosts: readonly FleetHostPlan[];
}

/**
 * The plan that the options describe, or the plan file that they name.
 * @throws UsageError where they contradict each other
 */
export async function fleetPlan(chosen: FleetCommand, cwd: string): Promise<FleetPlan> {
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
