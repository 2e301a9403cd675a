export { LabHostError, type LabHostErrorCode } from './errors';
export { FAULTS, type Fault, type FaultName, type FaultOracle } from './faults/faults';
export { type Habit, type HabitName, HABITS } from './habits/habits';
export { HostDeath, HostHang } from './host-failure';
export { createInProcessHost, type InProcessHost } from './in-process';
export { type LabHost, type LabHostControls, startLabHost } from './server';
export {
  ACTIVATION_INTERVAL_MINUTES,
  type LabHostOptions,
  RENEWAL_INTERVAL_MINUTES,
} from './settings';
