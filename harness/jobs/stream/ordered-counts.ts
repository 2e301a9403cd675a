import { setImmediate } from 'node:timers/promises';
import { product, PRODUCTS } from '../../../protocol';
import { placesFor } from '../../model/client-cache';
import type { CountedMachine } from '../../model/expectation';
import type { CountedRequest } from '../../model/counting-model';
import { StepHistory } from '../../model/history/step-history';
import type { Profile } from '../../model/profile';

/** No machine of a stream asks with a larger one. */
const LARGEST_POLICY = Math.max(...PRODUCTS.map(({ requiredClientCount }) => requiredClientCount));

/**
 * What a host may answer to a stream some of whose requests overlap: all of its answers must have an order. It held nothing at first; waits set its clock.
 */
export class OrderedCounts {
  readonly #history: StepHistory;
  readonly #capacities = new Map<string, number>();

  constructor(profile: Profile) {
    this.#history = new StepHistory({ profile, largestPolicy: LARGEST_POLICY });
  }

  /** Answers that could not be held against what is known of the host. */
  get unjudged(): number {
    return this.#history.unjudged;
  }

  /**
   * Machines have asked at the same time.
   * @param counts null where no count came
   * @param signal what it has not looked at by then is not judged
   * @returns for each null, or the counts that would have been possible where there is no order with its own
   */
  async together(
    machines: readonly CountedMachine[],
    counts: readonly (number | null)[],
    signal?: AbortSignal,
  ): Promise<(readonly number[] | null)[]> {
    const requests = machines.map(({ type, clientMachineId }): CountedRequest => {
      const { applicationId, requiredClientCount } = product(type.product);
      const places = placesFor(requiredClientCount);
      this.#capacities.set(applicationId, Math.max(places, this.#capacities.get(applicationId) ?? 0));
      return { applicationId, clientMachineId, requiredClientCount, isVirtualMachine: type.virtual };
    });
    const parts = this.#history.inParts(requests, counts);
    for (;;) {
      const part = parts.next();
      if (part.done === true) return part.value.map((failure) => failure?.possible ?? null);
      await setImmediate();
      if (signal?.aborted === true) this.#history.giveUp();
    }
  }

  /** Places of the host for the machine's application. */
  capacity({ type }: CountedMachine): number {
    return this.#capacities.get(product(type.product).applicationId) ?? 0;
  }

  wait(seconds: number): void {
    this.#history.control('advance', seconds * 1000);
  }

  reset(): void {
    this.#capacities.clear();
    this.#history.control('reset');
  }

  restart(): void {
    this.#history.control('restart');
  }
}
