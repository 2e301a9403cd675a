import { CACHE_FAULTS } from './tables/cache';
import { COUNTING_FAULTS } from './tables/counting';
import { DEEP_FAULTS } from './tables/deep';
import type { Fault as FaultOf } from './tables/fault';
import { KEY_GROUP_FAULTS } from './tables/key-group';
import { MESSAGE_FAULTS } from './tables/message';
import { ROBUSTNESS_FAULTS } from './tables/robustness';
import { RPC_FAULTS } from './tables/rpc';
import { TIME_FAULTS } from './tables/time';

const ALL = [
  ...MESSAGE_FAULTS,
  ...RPC_FAULTS,
  ...COUNTING_FAULTS,
  ...CACHE_FAULTS,
  ...TIME_FAULTS,
  ...KEY_GROUP_FAULTS,
  ...ROBUSTNESS_FAULTS,
  ...DEEP_FAULTS,
] as const;

export type { FaultOracle } from './tables/fault';
export type FaultName = (typeof ALL)[number]['name'];
export type Fault = FaultOf<FaultName>;
export type FaultSet = ReadonlySet<FaultName>;

/** Every fault that a lab host can have. */
export const FAULTS: readonly Fault[] = ALL;

/** True where a host has one of the faults in a table. */
export function hasAny(faults: FaultSet, table: readonly FaultOf[]): boolean {
  return table.some(({ name }) => faults.has(name as FaultName));
}
