import type { CountedRequest } from './counting-model';

/** Far more than any host holds (twice an N_Policy): who asked before so many others is not there any more. */
const MAX_KEPT = 10_000;

/**
 * Machines that have asked, application by application. Once it is not known any more what a host holds, each of them may be among those
 * that it is found with: until it asks again.
 */
export class AskedBefore {
  /** By CMID, who asked last at the end: whether it asked since the host's state was lost sight of. */
  readonly #asked = new Map<string, Map<string, boolean>>();

  /** @param isAnyone whether machines that never asked here may be there too: the host was found, and others asked it before */
  constructor(private isAnyone: boolean) {}

  /** It asked, now: whether it is there is known as far as anything is. */
  add({ applicationId, clientMachineId }: CountedRequest): void {
    let asked = this.#asked.get(applicationId);
    if (asked === undefined) this.#asked.set(applicationId, (asked = new Map<string, boolean>()));
    asked.delete(clientMachineId);
    asked.set(clientMachineId, true);
    if (asked.size > MAX_KEPT) asked.delete(asked.keys().next().value!);
  }

  /** Whether it may be among those that the host was found with: it has not asked since. */
  mayBeThere({ applicationId, clientMachineId }: CountedRequest): boolean {
    const askedSince = this.#asked.get(applicationId)?.get(clientMachineId);
    return askedSince === undefined ? this.isAnyone : !askedSince;
  }

  /** It is not known any more what the host holds of an application. */
  forgotten(applicationId: string): void {
    const asked = this.#asked.get(applicationId);
    for (const clientMachineId of asked?.keys() ?? []) asked!.set(clientMachineId, false);
  }

  allForgotten(): void {
    for (const applicationId of this.#asked.keys()) this.forgotten(applicationId);
  }

  /** The host holds nothing. */
  clear(): void {
    this.#asked.clear();
    this.isAnyone = false;
  }
}
