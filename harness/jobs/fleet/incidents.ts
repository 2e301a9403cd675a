import { DAY_MS } from '../../model/client-state';
import { DRAW, type Draws } from './draws';
import type { FleetMachine } from './machine';
import type { FleetGroup } from './plan';

type Incident = NonNullable<FleetGroup['incidents']>[number];

const perDay = (incidents: readonly Incident[]): number =>
  incidents.reduce((sum, { everyDays }) => sum + 1 / everyDays, 0);

/** How long it is until a machine's next incident, whichever it is, in ms. Its group has some. */
export function waitForIncident(machine: FleetMachine, draws: Draws): number {
  const meanMs = DAY_MS / perDay(machine.group.plan.incidents!);
  return draws.exponential(machine.index, DRAW.incident, 2 * machine.incidents, meanMs);
}

/** Which incident it is. */
export function drawIncident(machine: FleetMachine, draws: Draws): Incident['kind'] {
  const incidents = machine.group.plan.incidents!;
  const drawn = draws.fraction(machine.index, DRAW.incident, 2 * machine.incidents + 1);
  let left = drawn * perDay(incidents);
  return (incidents.find(({ everyDays }) => (left -= 1 / everyDays) < 0) ?? incidents.at(-1)!).kind;
}
