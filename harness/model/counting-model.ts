import type { Profile } from './profile';

/** A record lives this long after its client's last request (understanding-kms 2.3). */
export const RECORD_LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;

/** What of a granted request bears on the count; the rest of it has no part. */
export interface CountedRequest {
  readonly applicationId: string;
  readonly clientMachineId: string;
  /** N_Policy. */
  readonly requiredClientCount: number;
  readonly isVirtualMachine: boolean;
}

/** What a host remembers for one application. */
export interface CountingState {
  /** CMID to the time of its last request (ms since 1970), from the oldest request to the newest. */
  readonly records: Map<string, number>;
  /** How many records the cache may hold; never shrinks. */
  capacity: number;
}

/**
 * How a conforming host counts (understanding-kms 2.2 and 2.3): the reference that the lab host serves
 * and the scenarios judge by. No clock of its own: each call is told the time.
 */
export class CountingModel {
  readonly #states = new Map<string, CountingState>();

  constructor(readonly profile: Profile) {}

  /**
   * Takes a valid, granted request at `nowMs` (ms since 1970) and returns the Count to answer.
   */
  grant(request: CountedRequest, nowMs: number): number {
    const state = this.state(request.applicationId);
    dropExpired(state.records, nowMs);
    if (request.isVirtualMachine && !this.profile.countsVirtualMachines) return state.records.size;
    state.capacity = Math.max(state.capacity, 2 * Math.max(request.requiredClientCount, 1));
    state.records.delete(request.clientMachineId);
    if (state.records.size >= state.capacity) dropOldest(state.records);
    state.records.set(request.clientMachineId, nowMs);
    return state.records.size;
  }

  /** The live state of an application, made empty where there is none. */
  state(applicationId: string): CountingState {
    let state = this.#states.get(applicationId);
    if (state === undefined) {
      state = { records: new Map(), capacity: 0 };
      this.#states.set(applicationId, state);
    }
    return state;
  }

  /** The count at `nowMs` without a request. */
  count(applicationId: string, nowMs: number): number {
    const { records } = this.state(applicationId);
    dropExpired(records, nowMs);
    return records.size;
  }

  /** What a reset or a restart does: forgets records and capacity. */
  reset(): void {
    this.#states.clear();
  }
}

/** Records are ordered by time, so that the expired ones stand in front; a Map keeps the order of insertion. */
function dropExpired(records: Map<string, number>, nowMs: number): void {
  for (const [clientMachineId, lastRequestMs] of records) {
    if (nowMs - lastRequestMs <= RECORD_LIFETIME_MS) return;
    records.delete(clientMachineId);
  }
}

function dropOldest(records: Map<string, number>): void {
  for (const clientMachineId of records.keys()) {
    records.delete(clientMachineId);
    return;
  }
}
