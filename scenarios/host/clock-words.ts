import type { RequestDriver } from '../../harness/jobs/suite/host/request-driver';
import { filetimeFromUnixMs } from '../../protocol';

/** The host's clock. */
export class ClockWords {
  constructor(private readonly driver: RequestDriver) {}

  /** Sets the host's clock forward. */
  async advance(time: {
    readonly days?: number;
    readonly hours?: number;
    readonly minutes?: number;
  }): Promise<void> {
    const { days = 0, hours = 0, minutes = 0 } = time;
    await this.driver.session.advanceClock(((days * 24 + hours) * 60 + minutes) * 60);
  }

  /** The client's clock, so much ahead of the host's: a FILETIME. */
  clientTime(ahead: { readonly hours?: number; readonly minutes?: number } = {}): bigint {
    const { hours = 0, minutes = 0 } = ahead;
    return filetimeFromUnixMs(this.driver.session.now() + (hours * 60 + minutes) * 60_000);
  }
}
