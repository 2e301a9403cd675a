import type { RequestDriver } from '../../harness/jobs/suite/host/request-driver';
import { inconclusive, untestable } from '../../harness/jobs/suite/verdict';
import type { CounterName, HostCounters } from '../../harness/model/host-counters';
import type { Deviation } from './deviation';

/** A host may write its counters a little after its answers: what differs is read again after so long, in ms. */
const READS_MS = [0, 300, 600, 900];
/** What was sent is sent again once the counters must have come to rest, in ms. */
const LOOKS_MS = [0, 1000];
/** How long the counters are watched for others who move them. */
const WATCH_MS = 300;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What the host says of itself beside the wire. */
export class OwnCounterWords {
  constructor(private readonly driver: RequestDriver) {}

  /** The counters, of which this one is there. @throws Untestable where it is not; ControlFailure */
  async read(needed: CounterName): Promise<HostCounters> {
    const counters = await this.driver.session.options.target.controls.observe!();
    if (counters[needed] === undefined) untestable(`its control observe gives no ${needed}`);
    return counters;
  }

  /** How many requests the runner sent beside the scenario, to see whether the host is alive, since the run began. */
  get requestsBeside(): number {
    return this.driver.session.requestsBeside;
  }

  /** Reads the counters until nothing is wrong with them, some times. @returns what was wrong the last time */
  async settled(
    needed: CounterName,
    judge: (counters: HostCounters) => Deviation | null,
  ): Promise<Deviation | null> {
    let wrong: Deviation | null = null;
    for (const waitMs of READS_MS) {
      await pause(waitMs);
      wrong = judge(await this.read(needed));
      if (wrong === null) break;
    }
    return wrong;
  }

  /**
   * Looks until nothing is wrong, some times.
   * @param look sends what it has to, and says what is wrong with the counters behind it
   * @throws what was wrong in the last look; Inconclusive where the counters move though nothing is asked
   */
  async eventually(look: () => Promise<Deviation | null>): Promise<void> {
    let wrong: Deviation | null = null;
    for (const waitMs of LOOKS_MS) {
      await pause(waitMs);
      wrong = await look();
      if (wrong === null) return;
    }
    await this.#checkNobodyElseAsks();
    throw wrong!;
  }

  async #checkNobodyElseAsks(): Promise<void> {
    const observe = this.driver.session.options.target.controls.observe!;
    const [before, beside] = [await observe(), this.requestsBeside];
    await pause(WATCH_MS);
    const after = await observe();
    const moved = (after.totalRequests ?? 0) - (before.totalRequests ?? 0);
    if (moved > this.requestsBeside - beside) {
      inconclusive('its counters moved while this run asked nothing: others use the host');
    }
  }
}
