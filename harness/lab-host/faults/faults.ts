import { AFTERMATH_FAULTS } from './aftermath';
import { ASSOCIATION_FAULTS } from './associations';
import { CACHE_ORDER_FAULTS } from './cache-order';
import { CALL_FAULTS } from './calls';
import { CAPACITY_FAULTS } from './capacity';
import { COUNTED_REFUSAL_FAULTS } from './counted-refusals';
import { COUNTING_FAULTS } from './counting';
import { DEADLY_CONNECTION_FAULTS } from './deadly-connections';
import { DEADLY_INPUT_FAULTS } from './deadly-input';
import { DEEP_ANSWER_FAULTS } from './deep-answers';
import { DEEP_COUNT_FAULTS } from './deep-counts';
import { DEEP_DEATH_FAULTS } from './deep-deaths';
import { DEPTH_FAULTS } from './depth';
import type { Fault as FaultOf } from './fault';
import { IDENTITY_FAULTS } from './identity';
import { KEY_GROUP_FAULTS } from './key-group';
import { NEGOTIATION_FAULTS } from './negotiation';
import { ONE_COUNT_FAULTS } from './one-count';
import { OVERLAP_FAULTS } from './overlap';
import { OWN_COUNTER_FAULTS } from './own-counters';
import { REQUEST_FAULTS } from './request-fields';
import { RESPONSE_FIELD_FAULTS } from './response-fields';
import { RESPONSE_LAYOUT_FAULTS } from './response-layout';
import { RESPONSE_SECRET_FAULTS } from './response-secrets';
import { STUB_FAULTS } from './stubs';
import { SHARED_ASSOCIATION_FAULTS } from './shared-associations';
import { TIME_FAULTS } from './times';

/** In the order in which they stand on each other where a host has several. */
const ALL = [
  ...RESPONSE_FIELD_FAULTS,
  ...RESPONSE_LAYOUT_FAULTS,
  ...RESPONSE_SECRET_FAULTS,
  ...REQUEST_FAULTS,
  ...NEGOTIATION_FAULTS,
  ...CALL_FAULTS,
  ...ASSOCIATION_FAULTS,
  ...SHARED_ASSOCIATION_FAULTS,
  ...STUB_FAULTS,
  ...IDENTITY_FAULTS,
  ...COUNTING_FAULTS,
  ...COUNTED_REFUSAL_FAULTS,
  ...OVERLAP_FAULTS,
  ...DEPTH_FAULTS,
  ...AFTERMATH_FAULTS,
  ...ONE_COUNT_FAULTS,
  ...CAPACITY_FAULTS,
  ...CACHE_ORDER_FAULTS,
  ...TIME_FAULTS,
  ...KEY_GROUP_FAULTS,
  ...OWN_COUNTER_FAULTS,
  ...DEADLY_INPUT_FAULTS,
  ...DEADLY_CONNECTION_FAULTS,
  ...DEEP_DEATH_FAULTS,
  ...DEEP_COUNT_FAULTS,
  ...DEEP_ANSWER_FAULTS,
] as const;

export type { FaultOracle } from './fault';
/** The name of a fault, in kebab case, as in `--fault`. */
export type FaultName = (typeof ALL)[number]['name'];
/** A way in which the lab host breaks requirements, and which. */
export type Fault = FaultOf<FaultName>;

/** Every fault that a lab host can have. */
export const FAULTS: readonly Fault[] = ALL;
