import { z } from 'zod';
import { PRODUCTS } from '../../protocol';
import { readYamlFile } from '../config/yaml-file';
import type { FleetGroup, FleetHostPlan } from './plan';

const share = z.number().min(0).max(1);
const hours = z.number().min(0);
const days = z.number().positive();
const keys = PRODUCTS.map(({ key }) => key) as [string, ...string[]];

const group = z.strictObject({
  name: z.string().min(1),
  product: z.enum(keys, { error: `expected a product: ${keys.join(', ')}` }),
  count: z.number().int().min(0),
  virtual: z.boolean().optional(),
  arrivals: z
    .strictObject({
      fromHour: hours.optional(),
      overHours: hours,
      spacing: z.enum(['even', 'random']).optional(),
    })
    .optional(),
  staysHours: z.number().positive().optional(),
  away: z.strictObject({ share, presentDays: days, awayDays: days }).optional(),
  incidents: z
    .array(z.strictObject({ kind: z.enum(['reimage', 'hardware-change', 'non-genuine']), everyDays: days }))
    .optional(),
  cloned: share.optional(),
});

const host = z.strictObject({
  priority: z.number().int().min(0).max(65_535).optional(),
  weight: z.number().int().min(0).max(65_535).optional(),
  outages: z.array(z.strictObject({ fromHour: hours, toHour: hours })).optional(),
});

/** A fleet in a file: its machines, how long it runs, and its hosts where the harness provides them. */
export const planSchema = z.strictObject({
  days: days.optional(),
  groups: z.array(group).min(1),
  hosts: z.array(host).min(1).max(16).optional(),
});

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
