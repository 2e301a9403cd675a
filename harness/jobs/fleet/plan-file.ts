import { z } from 'zod';
import { PRODUCTS } from '../../../protocol';
import { meaning } from '../../support/meaning';
import { readYamlFile } from '../../support/yaml-file';
import type { FleetGroup, FleetHostPlan } from './plan';

const share = z.number().min(0).max(1);
const hours = z.number().min(0);
const days = z.number().positive();
const short = z.number().int().min(0).max(65_535);
/** What comes to each machine again and again: oftener, a run of days would be a run without an end. */
const everyDays = z.number().min(0.05);
const keys = PRODUCTS.map(({ key }) => key) as [string, ...string[]];

const arrivals = z.strictObject({
  fromHour: meaning(hours, 'hours from the start until the first machine comes', '0').optional(),
  overHours: meaning(hours, 'hours over which the machines come'),
  spacing: meaning(z.enum(['even', 'random']), 'how they come in that time', '`random`').optional(),
});

const away = z.strictObject({
  share: meaning(share, 'share of the machines that travel, 0 to 1'),
  presentDays: meaning(everyDays, 'days for which they are there'),
  awayDays: meaning(everyDays, 'days for which they are away then'),
});

const incident = z.strictObject({
  kind: meaning(z.enum(['reimage', 'hardware-change', 'non-genuine']), 'what befalls a machine'),
  everyDays: meaning(everyDays, 'how often on average, in days'),
});

const group = z.strictObject({
  name: meaning(z.string().min(1), 'what its machines are called in reports'),
  product: meaning(
    z.enum(keys, { error: `expected a product: ${keys.join(', ')}` }),
    'what they run, a key of `kmsspec list products`',
  ),
  count: meaning(z.number().int().min(0), 'how many there are'),
  virtual: meaning(z.boolean(), '`true` for virtual machines', '`false`').optional(),
  arrivals: arrivals.optional(),
  staysHours: meaning(
    z.number().positive(),
    'hours after its arrival at which a machine is switched off for good',
    'it stays',
  ).optional(),
  away: away.optional(),
  incidents: z.array(incident).optional(),
  cloned: meaning(
    share,
    "share of the machines that were cloned and have the CMID of the group's first, 0 to 1",
    '0',
  ).optional(),
});

const outage = z.strictObject({
  fromHour: meaning(hours, 'hour from the start at which the host goes'),
  toHour: meaning(hours, 'hour at which it is back'),
});

const host = z.strictObject({
  priority: meaning(short, 'priority of its SRV record; the lowest is asked first', '0').optional(),
  weight: meaning(short, 'weight of its SRV record', '0').optional(),
  outages: z.array(outage).max(10_000).optional(),
});

/** A fleet in a file: its machines, how long it runs, and its hosts where the harness provides them. */
export const planSchema = z
  .strictObject({
    days: meaning(days, 'virtual days that the fleet runs, at most 3650; `--days`', '180').optional(),
    groups: z.array(group).min(1),
    hosts: z.array(host).min(1).max(16).optional(),
  })
  .meta({ title: 'kmsspec fleet --plan', description: 'A fleet of machines and its hosts: docs/fleet.md' });

export interface FleetPlan {
  readonly days: number | undefined;
  readonly groups: readonly FleetGroup[];
  readonly hosts: readonly FleetHostPlan[] | undefined;
}

/** @throws ConfigError with file, line and key */
export async function readPlanFile(file: string): Promise<FleetPlan> {
  const { days, groups, hosts } = withoutUndefined(await readYamlFile(file, planSchema)) as {
    days?: number;
    groups: FleetGroup[];
    hosts?: FleetHostPlan[];
  };
  return { days, groups, hosts };
}

/** Keys that were left out are absent, not undefined. */
const withoutUndefined = (value: object): unknown => JSON.parse(JSON.stringify(value));
