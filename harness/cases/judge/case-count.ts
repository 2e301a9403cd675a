import { APPLICATIONS, type KmsRequestInput } from '../../../protocol';
import { type CountedRequest, countedRequest } from '../../model/counting-model';
import { PossibleStates } from '../../model/possible-states';
import type { Profile } from '../../model/profile';

/** When a host comes to a request no more whose answer was lost. */
export interface Over {
  /** A clock that only goes forward, in ms. */
  readonly nowMs: () => number;
  /** So long after it was sent, in ms. */
  readonly afterMs: () => number;
}

/**
 * The counts of one case, by its own clock. Where an answer was lost, the request may have been counted or not, or a host may come to it
 * only after requests that other connections sent later: all of that is right from then on until an answer tells. After a wrong count the
 * case goes on as if the host had answered what is right.
 */
export class CaseCount {
  readonly #states: PossibleStates;
  /** Applications whose capacity nobody knows: see `#leavesOpen`. */
  readonly #open = new Set<string>();
  #aheadMs = 0;

  readonly #isFound: boolean;
  /** Requests whose answers were lost, the oldest first, and when they were. */
  readonly #lost: { readonly request: CountedRequest; readonly atMs: number }[] = [];

  /**
   * @param startsWith `nothing`: applications that are the case's own. What was counted of Windows, or of another
   * product, before the case nobody knows: the first answer tells. `what it was found with`: the one table of a host that is not reset, where an answer that cannot be explained is believed
   * @param over by default a host may come to a request at any later time
   */
  constructor(
    profile: Profile,
    startsWith: 'nothing' | 'what it was found with' = 'nothing',
    private readonly over?: Over,
  ) {
    this.#isFound = startsWith !== 'nothing';
    this.#states = new PossibleStates(
      profile,
      () => this.#aheadMs,
      this.#isFound ? 'may be there' : 'are new',
    );
    if (!this.#isFound) this.#states.reset();
  }

  /** What the host counted before of applications that all the world asks for nobody knows. */
  findProducts(): this {
    for (const applicationId of Object.values(APPLICATIONS)) this.#states.forget(applicationId);
    return this;
  }

  /** Something may have been counted of which nobody knows what it was. */
  forget(): void {
    this.#states.forget();
    this.#open.clear();
  }

  advance(seconds: number): void {
    this.#aheadMs += 1000 * seconds;
  }

  restart(): void {
    this.#open.clear();
    this.#states.restart();
  }

  /** A request was granted with this count. @returns the counts that would have been right, null where this one is */
  granted(input: KmsRequestInput, count: number): readonly number[] | null {
    this.#settle();
    if (this.#leavesOpen([input])) return null;
    const request = countedRequest(input);
    const isKnown = !this.#isFound && this.#states.knows(request.applicationId);
    return ascending(this.#states.granted(request, count, isKnown ? 'believe-model' : 'believe-host'));
  }

  /**
   * Any capacity is right for an N_Policy of 0, and it stays: no count of that application is known from then on. The table of a host that was found
   * is taken as found again.
   */
  #leavesOpen(inputs: readonly KmsRequestInput[]): boolean {
    for (const { applicationId, requiredClientCount } of inputs) {
      if (requiredClientCount !== 0) continue;
      this.#states.forget(applicationId);
      if (!this.#isFound) this.#open.add(applicationId);
    }
    return inputs.some(
      ({ applicationId, requiredClientCount }) => requiredClientCount === 0 || this.#open.has(applicationId),
    );
  }

  /** The answer to a request was lost. */
  lost(input: KmsRequestInput): void {
    this.#settle();
    if (this.#leavesOpen([input])) return;
    const request = countedRequest(input);
    this.#states.recordPending(request);
    if (this.over !== undefined) this.#lost.push({ request, atMs: this.over.nowMs() });
  }

  /** What a host was long enough for is counted by now, or never will be. */
  #settle(): void {
    if (this.over === undefined || this.#lost.length === 0) return;
    const since = this.over.nowMs() - this.over.afterMs();
    while (this.#lost.length > 0 && this.#lost[0]!.atMs < since)
      this.#states.recordOver(this.#lost.shift()!.request);
  }

  /**
   * Machines that asked at once, all granted; `counts[i]` is the answer to `inputs[i]`.
   * @returns the counts that would have been right for the first that is wrong, null where some order explains them all
   */
  grantedTogether(inputs: readonly KmsRequestInput[], counts: readonly number[]): readonly number[] | null {
    this.#settle();
    if (this.#leavesOpen(inputs)) return null;
    const grants = inputs.map((input, i) => ({ request: countedRequest(input), count: counts[i]! }));
    return ascending(this.#states.grantedTogether(grants, this.#isFound ? 'believe-host' : 'believe-model'));
  }
}

const ascending = (counts: ReadonlySet<number> | null): readonly number[] | null =>
  counts === null ? null : [...counts].sort((a, b) => a - b);
