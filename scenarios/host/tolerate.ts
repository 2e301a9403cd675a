import { nothingFrom, type Reaction, type Reply } from '../../harness/jobs/suite/host/reply';
import type { RequestDriver } from '../../harness/jobs/suite/host/request-driver';
import type { KmsRequestInput } from '../../protocol';

/** How long a reaction to something that need not be answered is waited for, in ms. */
export const patienceOf = ({ session }: RequestDriver): number => session.pace.patienceMs;

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
