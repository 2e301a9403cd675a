export { ARTICLE_FLEET } from './article';
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
export {
  type FleetJobOptions,
  type FleetJobOutcome,
  type FleetPlan,
  type InProcessSite,
  runFleet,
} from './fleet-job';
export { FLEET_EPOCH_MS, type SimulateFleetOptions, simulateFleet } from './simulate-fleet';
export { fleetSection } from './section';
