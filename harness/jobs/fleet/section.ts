import type { Fleet } from '../../../reports/results/sections';
import { LICENCES } from '../../model/client-state';
import type { FleetResult } from './result';

/** Reports of larger fleets leave the machines out: nobody reads a hundred thousand lines. */
const MOST_MACHINES = 2000;

/** A fleet run as the section of a report. */
export function fleetSection(result: FleetResult): Fleet {
  const { clients, days, hosts, samples, machines, notShown } = result;
  return {
    clients,
    days,
    hosts: hosts.map(({ name }) => name),
    states: [...LICENCES],
    samples: samples.map((sample) => ({ ...sample, machines: [...sample.machines] })),
    activated: result.activated,
    neverActivated: result.neverActivated,
    firstActivationHour: result.firstActivationHour,
    lastActivationHour: result.lastActivationHour,
    ...(machines.length > MOST_MACHINES
      ? {}
      : {
          machines: machines.map(({ name, kind, firstAskedHour, activatedHour }) => ({
            name,
            kind,
            firstAskedHour,
            activatedHour,
          })),
        }),
    ...(notShown.length === 0 ? {} : { notShown: [...notShown] }),
  };
}
