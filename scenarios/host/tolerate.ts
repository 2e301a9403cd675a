import { nothingFrom, type Reaction, type Reply } from '../../harness/jobs/suite/host/reply';
import type { RequestDriver } from '../../harness/jobs/suite/host/request-driver';
import type { KmsRequestInput } from '../../protocol';

const PATIENCE_MS = 1000;
/** How many times what the slowest answer of late took a reaction may take. */
const PATIENCE_FACTOR = 4;

/** How long a reaction to something that need not be answered is waited for, in ms: longer on a host that takes long over what it answers. */
export const patienceOf = ({ session: { options, pace } }: RequestDriver): number =>
  Math.min(Math.max(PATIENCE_MS, Math.ceil(PATIENCE_FACTOR * pace.slowestMs)), options.timeoutMs);

/** What came of work that a host need not answer. A request that was cut short from outside may have been granted all the same. */
export async function tolerate(
  driver: RequestDriver,
  request: KmsRequestInput,
  work: () => Promise<Reply>,
): Promise<Reaction> {
  try {
    return await work();
  } catch (error) {
    const nothing = nothingFrom(error);
    if (nothing.failure.stage === 'connect') {
      driver.notSent();
      throw error;
    }
    if (nothing.failure.kind !== 'closed') driver.takeUncertain(request);
    return nothing;
  }
}
