import { type CountedRequest, CountingModel, isCounted } from './counting-model';
import type { Profile } from './profile';

/**
 * The least and the most that a conforming host may count, of which not all is known: what it had counted before, or in which order it came
 * to requests that overlapped. For what is known one by one, see `PossibleStates`.
 *
 * The least is what a host counts that held nothing and has taken what was answered, and nothing else. One that has taken more holds all
 * that this one holds: a record goes when as many others as the cache has places came after it, and a cache that others have asked has no
 * fewer places. The most is what a host counts that held nothing and has taken all that was sent. Neither depends on the order: up to the
 * places of the cache both count how many clients there are, and from there on the places. Clients that ask elsewhere at the same time with
 * the same CMIDs are not thought of.
 */
export class CountBounds {
  readonly #answered: CountingModel;
  readonly #sent: CountingModel;

  constructor(private readonly profile: Profile) {
    this.#answered = new CountingModel(profile);
    this.#sent = new CountingModel(profile);
  }

  /** The least that the answer may have to a request that is sent at `nowMs`; it is not counted by that. */
  least(request: CountedRequest, nowMs: number): number {
    const count = this.#answered.count(request.applicationId, nowMs);
    if (!isCounted(request, this.profile)) return count;
    return Math.min(...this.#answered.cache(request.applicationId).answersTo(request));
  }

  /** A request was granted: from now on the host has counted it. */
  answered(request: CountedRequest, nowMs: number): void {
    this.#answered.grant(request, nowMs);
  }

  /** A request is sent: from now on the host may have counted it. @returns the most that a host may count that began with nothing counted */
  sent(request: CountedRequest, nowMs: number): number {
    return this.#sent.grant(request, nowMs);
  }
}
