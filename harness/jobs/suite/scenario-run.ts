import type { RequestDriver } from './host/request-driver';

/** What one run of a scenario is given; what a scenario is written with is made of it (scenarios/host). */
export interface ScenarioRun {
  /** Sends its requests; the run that it belongs to is the driver's session. */
  readonly driver: RequestDriver;
  /** Tells what was seen and does not decide the outcome. */
  readonly note: (text: string) => void;
}
