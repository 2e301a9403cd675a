import type { KmsRequestInput } from '../../protocol';
import { ClientCache } from './client-cache';
import type { Profile } from './profile';

export { RECORD_LIFETIME_MS } from './client-cache';

/** What of a granted request bears on the count; the rest of it has no part. */
export interface CountedRequest {
  readonly applicationId: string;
  readonly clientMachineId: string;
  /** N_Policy. */
  readonly requiredClientCount: number;
  readonly isVirtualMachine: boolean;
}

/** What of a request message bears on the count. Any value but 0 says that the machine is virtual. */
export function countedRequest(request: KmsRequestInput): CountedRequest {
  const { applicationId, clientMachineId, requiredClientCount, isVirtualMachine } = request;
  return {
    applicationId,
    clientMachineId,
    requiredClientCount,
    isVirtualMachine: isVirtualMachine !== 0,
  };
}

/** Whether a host of this profile counts that machine; one that it does not count is answered with the count as it stands. */
export function isCounted(request: CountedRequest, profile: Profile): boolean {
  return profile.countsVirtualMachines || !request.isVirtualMachine;
}

/**
 * How a conforming host counts (understanding-kms 2.2 and 2.3), where all of its requests and their order are known: the reference that
 * the lab host serves. No clock of its own: each call is told the time. For what may be known of a host, see `PossibleStates`.
 */
export class CountingModel {
  readonly #caches = new Map<string, ClientCache>();

  constructor(readonly profile: Profile) {}

  /**
   * Takes a valid, granted request at `nowMs` (ms since 1970) and returns the Count to answer.
   */
  grant(request: CountedRequest, nowMs: number): number {
    if (!isCounted(request, this.profile)) return this.count(request.applicationId, nowMs);
    return this.cache(request.applicationId).grant(request, nowMs);
  }

  /** The live cache of an application, made empty where there is none. */
  cache(applicationId: string): ClientCache {
    let cache = this.#caches.get(applicationId);
    if (cache === undefined) {
      cache = new ClientCache();
      this.#caches.set(applicationId, cache);
    }
    return cache;
  }

  /** The count at `nowMs` without a request. */
  count(applicationId: string, nowMs: number): number {
    const cache = this.cache(applicationId);
    cache.dropExpired(nowMs);
    return cache.size;
  }

  /** A model of its own in the same state: what happens to the one does not happen to the other. */
  clone(): CountingModel {
    const copy = new CountingModel(this.profile);
    for (const [applicationId, cache] of this.#caches) copy.#caches.set(applicationId, cache.clone());
    return copy;
  }

  /** What a reset does: forgets records and capacity. */
  reset(): void {
    this.#caches.clear();
  }

  /** What a restart does: forgets all, unless the profile's hosts keep the count. */
  restart(): void {
    if (!this.profile.countSurvivesRestart) this.reset();
  }
}
