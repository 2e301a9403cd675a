import { product } from '../../protocol';
import { type ClientCache, RECORD_LIFETIME_MS } from './client-cache';
import type { CountedRequest } from './counting-model';
import type { MachineType } from './machine-type';
import type { Outlook } from './possible-histories';
import { PossibleStates } from './possible-states';
import type { Profile } from './profile';

/** A record this close to its 30 days may be seen either way: the host's clock and ours are not the same. */
const EXPIRY_TOLERANCE_MS = 5_000;

/** What of a machine bears on the count. */
export interface CountedMachine {
  readonly type: MachineType;
  readonly clientMachineId: string;
}

/** What the counting model says of one granted request, and what of its state made it so. */
export interface Expectation extends Outlook {
  /** Some record is so close to its 30 days that either count is right. */
  readonly onTheEdge: boolean;
}

/**
 * What a host must answer that held nothing at first, request by request, each told at the time when it was asked. After a wrong count it
 * goes on as if the host had answered what is right.
 */
export class ExpectedCounts {
  readonly #states: PossibleStates;
  #nowMs = 0;
  #checkEdge = false;

  constructor(profile: Profile) {
    this.#states = new PossibleStates(profile, () => this.#nowMs);
    this.#states.reset();
  }

  /**
   * A request was granted at `nowMs` (ms since 1970).
   * @param answered the count of the answer; null where there was none to be read
   * @returns what the host had to answer: where several counts would have been right, `answered` if it is one of them. Null where so many
   * answers were lost that nothing can be expected
   */
  granted(machine: CountedMachine, answered: number | null, nowMs: number): Expectation | null {
    this.#nowMs = nowMs;
    const request = requestOf(machine);
    const onTheEdge = this.#checkEdge && this.#isOnTheEdge(request.applicationId);
    const outlooks = this.#states.outlooks(request);
    const [first] = outlooks;
    if (first === undefined) return null;
    if (answered === null) this.#states.grantedUnseen(request);
    else this.#states.granted(request, answered, 'believe-model');
    return { ...(outlooks.find(({ count }) => count === answered) ?? first), onTheEdge };
  }

  /** No answer came to a request that was sent at `nowMs`: the host may have granted it, or not. */
  lost(machine: CountedMachine, nowMs: number): void {
    this.#nowMs = nowMs;
    this.#states.recordUncertain(requestOf(machine));
  }

  /** To be told when time was set forward: from then on records can be near their end. */
  timeMoved(): void {
    this.#checkEdge = true;
  }

  /** Places of the host for the machine's application. */
  capacity({ type }: CountedMachine): number {
    const caches = this.#states.caches(product(type.product).applicationId);
    return Math.max(0, ...caches.map(({ capacity }) => capacity));
  }

  reset(): void {
    this.#states.reset();
  }

  restart(): void {
    this.#states.restart();
  }

  #isOnTheEdge(applicationId: string): boolean {
    return this.#states.caches(applicationId).some((cache) => isOnTheEdge(cache, this.#nowMs));
  }
}

function requestOf({ type, clientMachineId }: CountedMachine): CountedRequest {
  const { applicationId, requiredClientCount } = product(type.product);
  return { applicationId, clientMachineId, requiredClientCount, isVirtualMachine: type.virtual };
}

/** Records stand in order of time: those near their end are in front, behind the ones that are past it. */
function isOnTheEdge(cache: ClientCache, nowMs: number): boolean {
  for (const askedMs of cache.requestTimes()) {
    const left = askedMs + RECORD_LIFETIME_MS - nowMs;
    if (left > EXPIRY_TOLERANCE_MS) return false;
    if (left > -EXPIRY_TOLERANCE_MS) return true;
  }
  return false;
}
