import { PROFILES } from '../../../model/profile';
import { LICENCES } from '../../../model/client-state';
import { type FleetHost, inProcessFleetHost } from '../fleet-host';
import type { FleetGroup, FleetHostPlan } from '../plan';
import type { FleetResult } from '../result';
import { FLEET_EPOCH_MS, type SimulateFleetOptions, simulateFleet } from '../simulate-fleet';

export const profile = PROFILES['win7-2008r2'];
export const vista = PROFILES['vista-2008'];

export const lab = (plan: FleetHostPlan = {}): FleetHost =>
  inProcessFleetHost({ profile }, FLEET_EPOCH_MS, plan);

export function fleet(
  groups: readonly FleetGroup[],
  days: number,
  options: Partial<SimulateFleetOptions> = {},
): Promise<FleetResult> {
  return simulateFleet({ groups, days, hosts: [lab()], seed: 1, profile, ...options });
}

/** Machines in a state at the last sample, or at the one of an hour. */
export function inState(result: FleetResult, state: (typeof LICENCES)[number], hour?: number): number {
  const sample =
    hour === undefined ? result.samples.at(-1)! : result.samples.find((each) => each.hour >= hour)!;
  return sample.machines[LICENCES.indexOf(state)]!;
}

export const clients = (count: number, more: Partial<FleetGroup> = {}): FleetGroup => ({
  name: 'client',
  product: 'win7',
  count,
  ...more,
});
