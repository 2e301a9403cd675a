export { ARTICLE_FLEET } from './article';
export { type Incident, LICENCES, type Licence } from './client-state';
export {
  controlledFleetHost,
  ControlledTime,
  type FleetHost,
  type HostTime,
  inProcessFleetHost,
  modelHost,
  SimulatedClock,
} from './fleet-host';
export { type ActivationVerdict, judgeActivation } from './judge';
export type { Arrivals, FleetGroup, FleetHostPlan, Outage } from './plan';
export type {
  FleetAnswer,
  FleetDifference,
  FleetResult,
  FleetSample,
  HostSummary,
  MachineSummary,
} from './result';
export { FLEET_EPOCH_MS, type FleetOptions, runFleet } from './run-fleet';
export { fleetSection } from './section';
