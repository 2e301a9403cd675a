import { CONFORMING_HOOKS } from '../hooks/conforming-hooks';
import type { Hooks } from '../hooks/hooks';
import type { HostSettings } from '../host-settings';
import { faultyHost } from './fault';
import { FAULTS, type FaultName } from './faults';

/**
 * How a host with these faults behaves. Each fault stands on those before it in `FAULTS`, whatever the order in which they are named.
 */
export function withFaults(
  names: readonly FaultName[],
  settings: HostSettings,
  right: Hooks = CONFORMING_HOOKS,
): Hooks {
  if (names.length === 0) return right;
  return FAULTS.filter(({ name }) => names.includes(name)).reduce<Hooks>(
    (hooks, fault) => ({ ...hooks, ...fault.override(hooks, faultyHost(fault, settings)) }),
    right,
  );
}
