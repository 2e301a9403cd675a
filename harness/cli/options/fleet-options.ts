import { type Command, InvalidArgumentError } from 'commander';
import { resolve } from 'node:path';
import { PRODUCTS } from '../../../protocol';
import { parseDuration } from '../../support/duration';
import type { FleetGroup, FleetPlan } from '../../jobs/fleet';
import { readPlanFile } from '../../jobs/fleet/plan-file';
import { UsageError } from '../../support/usage-error';
import { choice, durationLike, wholeNumber } from './option-values';

const duration = durationLike('time such as 30d, 12h or 90s');

/** What the options of `kmsspec fleet` say; times in seconds. */
export interface FleetCommand extends NamedFleet {
  readonly days?: number;
  readonly plan?: string;
  readonly via?: 'lab' | 'model' | 'tcp';
  readonly step: number;
  readonly keep?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** The fleet and its hosts, where no plan names them. */
interface NamedFleet {
  readonly clients?: number;
  readonly servers?: number;
  readonly clientProduct?: string;
  readonly serverProduct?: string;
  readonly arrivals?: number;
  readonly laptops?: number;
  readonly away?: number;
  readonly reimage?: number;
  readonly hosts?: number;
  readonly outage?: readonly NamedOutage[];
}

const PRODUCT_KEYS = PRODUCTS.map(({ key }) => key);
const DAY_SECONDS = 86_400;
const DEFAULT_DAYS = 180;
const NO_PLAN = {
  clients: 500,
  servers: 0,
  clientProduct: 'win7',
  serverProduct: 'r2-b',
  arrivals: DAY_SECONDS,
  laptops: 0,
  away: 30 * DAY_SECONDS,
  reimage: undefined,
  hosts: 1,
  outage: [],
} as const;

/** Adds what `kmsspec fleet` takes beside a target and reports. */
export function addFleetOptions(command: Command): Command {
  return command
    .option('--clients <N>', 'machines with a client system; 500 unless told', wholeNumber(0, 1_000_000))
    .option('--servers <N>', 'machines with a server system; 0 unless told', wholeNumber(0, 1_000_000))
    .addOption(
      choice(
        '--client-product <KEY>',
        'what the clients are (kmsspec list products); win7 unless told',
        PRODUCT_KEYS,
      ),
    )
    .addOption(choice('--server-product <KEY>', 'what the servers are; r2-b unless told', PRODUCT_KEYS))
    .option('--days <N>', 'virtual days; 180 unless told', wholeNumber(1, 3650))
    .option('--arrivals <TIME>', 'all machines are started within this time; 1d unless told', duration)
    .option(
      '--laptops <PERCENT>',
      'share of the machines that is away now and then; 0 unless told',
      wholeNumber(0, 100),
    )
    .option(
      '--away <TIME>',
      'how long laptops are away, on average; present as long; 30d unless told',
      duration,
    )
    .option('--reimage <TIME>', 'machines are re-imaged every so often, on average', duration)
    .option(
      '--hosts <N>',
      'so many hosts in DNS, of the same priority (not with --target); 1 unless told',
      wholeNumber(1, 16),
    )
    .option('--outage <HOST:FROM-TO>', 'a host is down, as 1:10d-14d (several)', outage)
    .option('--plan <FILE>', 'fleet and hosts in YAML instead of the options above; --days goes with it')
    .addOption(
      choice(
        '--via <WAY>',
        'without --target: lab (a lab host in this process, the default), model (the bare counting model), tcp',
        ['lab', 'model', 'tcp'],
      ),
    )
    .option(
      '--step <TIME>',
      "over TCP: how far the host's clock may stay behind; 10m unless told",
      duration,
      600,
    )
    .option('--keep', 'over TCP: one connection for all requests');
}

/** A fleet and its hosts, whichever way they were named. */
type NamedPlan = Omit<FleetPlan, 'seed'>;

/** @throws ConfigError for a plan file that is none; UsageError where options contradict each other */
export async function fleetPlan(chosen: FleetCommand, cwd: string): Promise<NamedPlan> {
  if (chosen.plan === undefined) return planOfOptions(chosen);
  const also = (Object.keys(NO_PLAN) as (keyof NamedFleet)[]).find((name) => chosen[name] !== undefined);
  if (also !== undefined)
    throw new UsageError(
      `--plan names the fleet and its hosts: leave out --${dashed(also)}, or write it into the plan`,
    );
  const { days, groups, hosts } = await readPlanFile(resolve(cwd, chosen.plan));
  return { days: chosen.days ?? days ?? DEFAULT_DAYS, groups, hosts: hosts ?? [{}] };
}

const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function planOfOptions(chosen: FleetCommand): NamedPlan {
  const named = { ...NO_PLAN, ...chosen };
  const { laptops, away, reimage, hosts } = named;
  const outages: readonly NamedOutage[] = named.outage;
  const alike: Pick<FleetGroup, 'arrivals' | 'away' | 'incidents'> = {
    arrivals: { overHours: named.arrivals / 3600 },
    ...(laptops === 0
      ? {}
      : { away: { share: laptops / 100, presentDays: away / DAY_SECONDS, awayDays: away / DAY_SECONDS } }),
    ...(reimage === undefined ? {} : { incidents: [{ kind: 'reimage', everyDays: reimage / DAY_SECONDS }] }),
  };
  const misplaced = outages.find(({ host }) => host > hosts);
  if (misplaced !== undefined)
    throw new UsageError(`--outage ${misplaced.host}: there is no such host, see --hosts`);
  return {
    days: chosen.days ?? DEFAULT_DAYS,
    groups: [
      { ...alike, name: 'client', product: named.clientProduct, count: named.clients },
      { ...alike, name: 'server', product: named.serverProduct, count: named.servers },
    ].filter(({ count }) => count > 0),
    hosts: Array.from({ length: hosts }, (_, index) => ({
      outages: outages.filter(({ host }) => host === index + 1),
    })),
  };
}

interface NamedOutage {
  /** From 1. */
  readonly host: number;
  readonly fromHour: number;
  readonly toHour: number;
}

function outage(text: string, before: readonly NamedOutage[] = []): readonly NamedOutage[] {
  const [, host = '', from = '', to = ''] = /^(\d{1,2}):([^-]+)-([^-]+)$/.exec(text) ?? [];
  const start = from === '0' ? 0 : parseDuration(from);
  const end = parseDuration(to);
  if (start === undefined || end === undefined || end <= start || host === '0') {
    throw new InvalidArgumentError('expected HOST:FROM-TO, such as 1:10d-14d.');
  }
  return [...before, { host: Number(host), fromHour: start / 3600, toHour: end / 3600 }];
}
