import type { KmsRequestInput } from '../../../protocol';
import { type CountedRequest, CountingModel } from '../../model/counting-model';
import type { Profile } from '../../model/profile';

interface Entry {
  readonly request: CountedRequest;
  readonly nowMs: number;
}

/** One history that explains all answers so far. */
interface Possibility {
  readonly model: CountingModel;
  /** What the model has counted, in that order: a model cannot be copied, only made anew. */
  readonly counted: readonly Entry[];
  /** Requests without an answer that the host has not counted yet. */
  readonly open: readonly CountedRequest[];
}

/** A call of which nobody knows whether it was granted multiplies what may be: beyond this many, counts are not judged. */
const MAX_UNSURE = 3;

/** So many orders of requests at once are kept in mind; a full cache does not tell them apart. */
const MAX_ORDERS = 32;

interface Answered {
  readonly request: CountedRequest;
  readonly count: number;
}

/**
 * The counting model beside one case. Where an answer was lost, the request may have been counted or not, or a host may come to it
 * only after requests that other connections sent later: all of that is right from then on until an answer tells.
 */
export class CaseCount {
  #possible: readonly Possibility[];
  #unsure = 0;
  #aheadMs = 0;

  constructor(private readonly profile: Profile) {
    this.#possible = [this.#history([], [])];
  }

  advance(seconds: number): void {
    this.#aheadMs += 1000 * seconds;
  }

  restart(): void {
    if (this.profile.countSurvivesRestart) return;
    this.#possible = [this.#history([], [])];
    this.#unsure = 0;
  }

  /** A request was granted with this count. @returns the counts that would have been right, null where this one is */
  granted(input: KmsRequestInput, count: number): readonly number[] | null {
    return this.#unsure > MAX_UNSURE ? null : this.#grant({ request: counted(input), count });
  }

  #grant({ request, count }: Answered): readonly number[] | null {
    const entry = { request, nowMs: this.#aheadMs };
    const right = this.#possible
      .flatMap((possibility) => this.#until(possibility))
      .map(({ model, counted, open }) => ({
        count: model.grant(entry.request, entry.nowMs),
        after: { model, counted: [...counted, entry], open },
      }));
    const fitting = right.filter((candidate) => candidate.count === count);
    this.#possible = (fitting.length > 0 ? fitting : right).map(({ after }) => after);
    return fitting.length > 0 ? null : [...new Set(right.map((candidate) => candidate.count))];
  }

  /** The answer to a request was lost. */
  lost(input: KmsRequestInput): void {
    if (++this.#unsure > MAX_UNSURE) return;
    const request = counted(input);
    this.#possible = this.#possible.map(({ model, counted, open }) => ({
      model,
      counted,
      open: [...open, request],
    }));
  }

  /** What may have come of the open requests by now: any of them has been counted, in the order in which they were sent. */
  #until(possibility: Possibility): readonly Possibility[] {
    const { counted, open } = possibility;
    const choices = Array.from({ length: 2 ** open.length - 1 }, (_, i) => i + 1).map((choice) => {
      const isNow = (_: CountedRequest, i: number): boolean => ((choice >> i) & 1) === 1;
      const now = open.filter(isNow).map((request) => ({ request, nowMs: this.#aheadMs }));
      return this.#history(
        [...counted, ...now],
        open.filter((request, i) => !isNow(request, i)),
      );
    });
    return [possibility, ...choices];
  }

  #history(counted: readonly Entry[], open: readonly CountedRequest[]): Possibility {
    const model = new CountingModel(this.profile);
    for (const { request, nowMs } of counted) model.grant(request, nowMs);
    return { model, counted, open };
  }

  /**
   * Machines that asked at once, all granted; `counts[i]` is the answer to `inputs[i]`.
   * @returns what is wrong with the counts, null where some order explains them
   */
  grantedTogether(inputs: readonly KmsRequestInput[], counts: readonly number[]): readonly number[] | null {
    if (this.#unsure > MAX_UNSURE) return null;
    const answered = inputs
      .map((input, i) => ({ request: counted(input), count: counts[i]! }))
      .sort((a, b) => a.count - b.count);
    const orders: Possibility[] = [];
    for (const possibility of this.#possible) {
      for (const order of this.#ordersOf(possibility, answered)) {
        if (orders.push(order) > MAX_ORDERS) return this.#giveUp();
      }
    }
    if (orders.length > 0) {
      this.#possible = orders;
      return null;
    }
    for (const one of answered) {
      const wrong = this.#grant(one);
      if (wrong !== null) return wrong;
    }
    return null;
  }

  /**
   * Every order in which a host may have come to requests, so that each got its count. No count falls while nothing expires, so that they
   * came by their counts; those with the same one, such as renewals, in any order.
   */
  *#ordersOf(possibility: Possibility, answered: readonly Answered[]): Generator<Possibility> {
    const [first] = answered;
    if (first === undefined) {
      yield possibility;
      return;
    }
    for (const before of this.#until(possibility)) {
      for (const [i, { request, count }] of answered.entries()) {
        if (count !== first.count) break;
        const { model, counted: history, open } = this.#history(before.counted, before.open);
        const nowMs = this.#aheadMs;
        if (model.grant(request, nowMs) !== count) continue;
        const after = { model, counted: [...history, { request, nowMs }], open };
        yield* this.#ordersOf(
          after,
          answered.filter((_, other) => other !== i),
        );
      }
    }
  }

  /** From here on nobody can tell which counts are right. */
  #giveUp(): null {
    this.#unsure = MAX_UNSURE + 1;
    return null;
  }
}

const counted = (input: KmsRequestInput): CountedRequest => ({
  applicationId: input.applicationId,
  clientMachineId: input.clientMachineId,
  requiredClientCount: input.requiredClientCount,
  isVirtualMachine: input.isVirtualMachine !== 0,
});
