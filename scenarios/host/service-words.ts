import { canEmpty } from '../../harness/jobs/suite/precondition';
import type { RequestDriver } from '../../harness/jobs/suite/host/request-driver';

/** What can be done to the service beside the wire. */
export class ServiceWords {
  constructor(private readonly driver: RequestDriver) {}

  /** Starts the service again; the host forgets what it counted, as the profile says. */
  async restart(): Promise<void> {
    const { options, pace, possibleStates } = this.driver.session;
    // Where nothing listens afterwards, it was this and not the request behind it.
    this.driver.provokes('the control restart, which said that it was done');
    await pace.control('restart', () => options.target.controls.restart!());
    if (options.target.profile.countSurvivesRestart) return;
    possibleStates.reset();
    this.driver.count = 0;
  }

  /** Whether the host was emptied for this scenario. */
  get canBeEmptied(): boolean {
    return canEmpty(this.driver.session);
  }

  /** Requests that bear on a host for good, such as a high N_Policy, go only to one that can be reset. */
  get canBeReset(): boolean {
    const { options, resetProblem } = this.driver.session;
    return options.target.controls.reset !== undefined && resetProblem === null;
  }
}
