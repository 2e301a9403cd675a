import type { BeyondCapacity } from '../../harness/jobs/suite/count-watch';
import type { ForbiddenFault } from '../../harness/jobs/suite/fault-watch';
import type { RequestDriver } from '../../harness/jobs/suite/host/request-driver';

/** What the whole run saw, whichever scenario it was for. What is wrong stands in the evidence of the scenario that looks at it. */
export class WholeRun {
  constructor(private readonly driver: RequestDriver) {}

  /** The first answer that counts more than the requests before it make room for; null where there was none. */
  get beyondCapacity(): BeyondCapacity | null {
    return this.#shown(this.driver.session.counts.beyond);
  }

  /** Whether all that was asked of the host is known, so that every count could be held against it. */
  get knowsAll(): boolean {
    return this.driver.session.counts.knowsAll;
  }

  /** The first fault whose status no host may send; null where there was none. */
  get forbiddenFault(): ForbiddenFault | null {
    return this.#shown(this.driver.session.faults.forbidden);
  }

  /** Faults that were read. */
  get faults(): number {
    return this.driver.session.faults.seen;
  }

  #shown<T extends BeyondCapacity | ForbiddenFault>(wrong: T | null): T | null {
    if (wrong === null) return null;
    this.driver.heard.cite(wrong.evidence);
    if ('sent' in wrong) this.driver.lastSent = wrong.sent;
    return wrong;
  }
}
