import { columns } from '../../../reports/text/columns';
import { formatDuration } from '../../support/duration';
import type { FleetResult } from './result';

const hours = (hour: number | null): string => (hour === null ? 'never' : formatDuration(hour * 3600));

/** How many machines were activated, and when. */
export const activations = ({
  activated,
  clients,
  firstActivationHour,
  lastActivationHour,
}: FleetResult): string =>
  `${activated} of ${clients} activated, the first after ${hours(firstActivationHour)}, the last after ${hours(lastActivationHour)}`;

/** What a fleet came to, as lines of text. @param twin the same fleet at hosts that count as the model does */
export function fleetSummary(result: FleetResult, twin: FleetResult): string[] {
  const { requestsPerHour, hosts } = result;
  const peak = requestsPerHour.reduce((most, count) => Math.max(most, count), 0);
  const lapsed = result.machines.filter(({ lapses }) => lapses > 0).length;
  return [
    activations(result),
    `the model expects: ${activations(twin)}`,
    `${lapsed} ${lapsed === 1 ? 'machine' : 'machines'} ended in notification at some time`,
    `${result.requests} requests, ${(result.requests / requestsPerHour.length).toFixed(1)} an hour on average, ${peak} in the busiest (hour ${requestsPerHour.indexOf(peak)})`,
    ...hosts.map(
      (host, index) =>
        `host ${index + 1} (${host.name}): ${host.requests} requests, highest count ${host.highestCount} of ${host.capacity} places${host.failures > 0 ? `, ${host.failures} not answered` : ''}`,
    ),
    ...result.notShown.map((what) => `not shown: ${what}`),
  ];
}

/** When each machine asked first and was activated, a line each. */
export function machineLines({ machines }: FleetResult): string[] {
  return columns(
    machines.map(({ name, firstAskedHour, activatedHour, licence }) => [
      name,
      `${firstAskedHour === null ? 'never asked' : `asked after ${hours(firstAskedHour)}`}, ${activatedHour === null ? 'never activated' : `activated after ${hours(activatedHour)}`}, in the end ${licence}`,
    ]),
  );
}
