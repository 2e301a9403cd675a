import type { CountedRequest } from './counting-model';

/** Far more than any host holds (twice an N_Policy): who asked before so many others is not there any more. */
const MAX_KEPT = 10_000;

/** Machines that have asked for one application. */
interface Asked {
  /** Goes up whenever the host's state is lost sight of. */
  sight: number;
  /** By CMID, who asked last at the end: the sight in which it asked. */
  readonly machines: Map<string, number>;
}

/**
 * Machines that have asked, application by application. Once it is not known any more what a host holds, each of them may be among those
 * that it is found with: until it asks again.
 */
export class AskedBefore {
  readonly #asked = new Map<string, Asked>();

  /** @param isAnyone whether machines that never asked here may be there too: the host was found, and others asked it before */
  constructor(private isAnyone: boolean) {}

  /** It asked, now: whether it is there is known as far as anything is. */
  add({ applicationId, clientMachineId }: CountedRequest): void {
    let asked = this.#asked.get(applicationId);
    if (asked === undefined) this.#asked.set(applicationId, (asked = { sight: 0, machines: new Map() }));
    const { sight, machines } = asked;
    machines.delete(clientMachineId);
    machines.set(clientMachineId, sight);
    if (machines.size > MAX_KEPT) machines.delete(machines.keys().next().value!);
  }

  /** Whether it may be among those that the host was found with: it has not asked since. */
  mayBeThere({ applicationId, clientMachineId }: CountedRequest): boolean {
    const asked = this.#asked.get(applicationId);
    const sight = asked?.machines.get(clientMachineId);
    return sight === undefined ? this.isAnyone : sight !== asked!.sight;
  }

  /** It is not known any more what the host holds of an application. */
  forgotten(applicationId: string): void {
    const asked = this.#asked.get(applicationId);
    if (asked !== undefined) asked.sight++;
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
