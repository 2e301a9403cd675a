import type { ProductKey } from '../../../protocol';
import { UsageError } from '../../support/usage-error';
import type { Incident } from '../../model/client-state';

/** Machines of a fleet that behave alike. Times are virtual, from the start of the run. */
export interface FleetGroup {
  /** What the machines are called: `client 17`. */
  readonly name: string;
  readonly product: ProductKey;
  readonly count: number;
  readonly virtual?: boolean;
  /** When they are started for the first time; all at hour 0 unless told. */
  readonly arrivals?: Arrivals;
  /** Hours after its arrival at which a machine is switched off for good. */
  readonly staysHours?: number;
  /** Laptops: this share of the machines is away now and then, for so long on average. */
  readonly away?: { readonly share: number; readonly presentDays: number; readonly awayDays: number };
  /** What befalls machines, every so many days on average. */
  readonly incidents?: readonly { readonly kind: Incident; readonly everyDays: number }[];
  /** This share of the machines was cloned without generalising: they have the CMID of the group's first machine. */
  readonly cloned?: number;
}

/** When the machines of a group come, in hours since the fleet began. */
export interface Arrivals {
  /** The first machine comes at this hour; 0 unless told. */
  readonly fromHour?: number;
  /** All come within so many hours, 0 for at once. */
  readonly overHours: number;
  /** Evenly spaced, or at random times (the default). */
  readonly spacing?: 'even' | 'random';
}

/** A host of the fleet in DNS, and when it is down. */
export interface FleetHostPlan {
  /** SRV priority: lower ones first. 0 unless told. */
  readonly priority?: number;
  /** SRV weight within a priority. 0 unless told. */
  readonly weight?: number;
  readonly outages?: readonly Outage[];
}

/** Hours of virtual time in which a host is away. */
export interface Outage {
  readonly fromHour: number;
  readonly toHour: number;
}

/** More machines than an event's payload can number. */
export const MAX_MACHINES = 1 << 24;
export const MAX_DAYS = 3650;

/** @throws UsageError for what no fleet can be */
export function checkPlan(
  groups: readonly FleetGroup[],
  days: number,
  hosts: readonly FleetHostPlan[],
): void {
  demand(hosts.length > 0, 'at least one host');
  const machines = groups.reduce((sum, { count }) => sum + count, 0);
  demand(
    machines >= 1 && machines <= MAX_MACHINES,
    `a fleet has 1 to ${MAX_MACHINES} machines, not ${machines}`,
  );
  demand(
    days > 0 && days <= MAX_DAYS,
    `a fleet runs for more than 0 and at most ${MAX_DAYS} days, not ${days}`,
  );
  for (const { outages = [] } of hosts)
    for (const { fromHour, toHour } of outages)
      demand(toHour > fromHour, `an outage from hour ${fromHour} ends after it, not at hour ${toHour}`);
  for (const { name, count, away, incidents = [], cloned = 0, arrivals } of groups) {
    demand(Number.isInteger(count) && count >= 0, `${name}: a whole number of machines, not ${count}`);
    demand(cloned >= 0 && cloned <= 1, `${name}: a share of clones from 0 to 1, not ${cloned}`);
    demand(
      (arrivals?.overHours ?? 0) >= 0 && (arrivals?.fromHour ?? 0) >= 0,
      `${name}: arrivals are not before the start`,
    );
    if (away !== undefined) {
      demand(
        away.share >= 0 && away.share <= 1,
        `${name}: a share of laptops from 0 to 1, not ${away.share}`,
      );
      demand(away.presentDays > 0 && away.awayDays > 0, `${name}: days of presence and absence above 0`);
    }
    for (const { kind, everyDays } of incidents)
      demand(everyDays > 0, `${name}: ${kind} every so many days above 0`);
  }
}

function demand(holds: boolean, problem: string): void {
  if (!holds) throw new UsageError(`fleet: ${problem}`);
}
