import type { KmsRequestInput } from '../../protocol';
import { countOf } from '../client/host-client';
import { HostFailure } from '../client';
import { requestOfAnother } from '../model/machine-request';
import type { Random } from '../support/random';
import type { Target } from '.';

/**
 * What asks beside a run belongs to an application of its own: a host counts that apart or refuses it, and is alive
 * in either case.
 */
export const OTHER_APPLICATION = '6b6d7373-7065-4063-8000-616c69766521';

/** A host of which is to be seen whether its reset empties it. Each count is null where the answer is something else. */
export interface ResettableHost {
  /** The count that one and the same machine is told. */
  own(): Promise<number | null>;
  /** A machine asks that has not asked before. */
  another(): Promise<void>;
  /** The count that a new machine of `OTHER_APPLICATION` is told. */
  stranger(): Promise<number | null>;
  /** @throws ControlFailure */
  reset(): Promise<void>;
}

/** A count that no host has right after a reset, however it miscounts its first client. */
const TELLING_COUNT = 4;

/**
 * Resets a host once, and sees whether it forgot what it counted. A host that answers its first client wrongly is not
 * taken for one that was not reset: only one whose count goes on from where it stood, and that does not give that answer to
 * whoever asks, was not.
 * @returns why the control cannot be trusted; null where it can, or where nothing can be said
 */
export async function resetProblem(host: ResettableHost): Promise<string | null> {
  const before = await tellingCount(host);
  await host.reset();
  if (before === null || before < TELLING_COUNT) return null;
  const after = await host.own();
  if (after === null || after < before || (await host.stranger()) === after) return null;
  return `the control reset exited 0, but the host still counts ${after}`;
}

/** The count, raised by new machines where it is low, as the run's own machine is told it. */
async function tellingCount(host: ResettableHost): Promise<number | null> {
  let count = await host.own();
  for (let added = 0; count !== null && count < TELLING_COUNT && added < TELLING_COUNT; added++) {
    await host.another();
    count = await host.own();
  }
  return count;
}

/**
 * Resets a target before a run, so that it has counted nothing, and sees that it does. What is asked here is no part of the run, and of no
 * capture of it.
 * @param example a request that the run is going to send: machines with such a product ask
 * @returns why the target cannot be taken as emptied; null where it can
 * @throws ControlFailure
 */
export async function emptyTarget(
  target: Target,
  example: KmsRequestInput,
  random: Random,
): Promise<string | null> {
  const reset = target.controls.reset!;
  const client = target.client();
  const count = async (request: KmsRequestInput): Promise<number | null> => {
    const { answer } = await client.activate(request);
    return answer === null ? null : countOf(answer);
  };
  const identities = random.fork('reset check');
  const newMachine = (changes?: Partial<KmsRequestInput>): KmsRequestInput =>
    requestOfAnother(example, identities, changes);
  const own = newMachine();
  try {
    const problem = await resetProblem({
      own: () => count(own),
      another: async () => void (await count(newMachine())),
      stranger: () => count(newMachine({ applicationId: OTHER_APPLICATION })),
      reset,
    });
    if (problem !== null) return problem;
  } catch (error) {
    // A host that does not answer is met, and told, by the run itself.
    if (!(error instanceof HostFailure)) throw error;
  } finally {
    await client.close();
  }
  // The machines that looked are forgotten too.
  await reset();
  return null;
}
