import type * as fc from 'fast-check';
import { type FuzzCase, requestsOf } from './case';

/** Whether these cases, run one after the other against a host that was made ready, still show what was found. */
export type StillFails = (cases: readonly FuzzCase[]) => Promise<boolean>;

export interface ShrinkLimits {
  /** Sequences that are tried at most: a slow host is not asked for ever. */
  readonly tries: number;
  readonly milliseconds: number;
}

/** Counts tries and time. */
export class ShrinkBudget {
  #tries = 0;
  readonly #endsAt: number;

  constructor(private readonly limits: ShrinkLimits) {
    this.#endsAt = performance.now() + limits.milliseconds;
  }

  /** Takes one try. */
  take(): boolean {
    return this.#tries++ < this.limits.tries && performance.now() < this.#endsAt;
  }
}

/**
 * Drops of a sequence what is not needed, in halves at first, then one by one (delta debugging, Zeller and Hildebrandt 2002). The last
 * item stays: it is the one that showed the failure.
 */
export async function dropUnneeded<T>(
  items: readonly T[],
  fails: (items: readonly T[]) => Promise<boolean>,
  budget: ShrinkBudget,
): Promise<readonly T[]> {
  let kept = items;
  for (let size = Math.ceil((kept.length - 1) / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < kept.length - 1; ) {
      const without = [...kept.slice(0, at), ...kept.slice(Math.min(at + size, kept.length - 1))];
      if (!budget.take()) return kept;
      if (await fails(without)) kept = without;
      else at += size;
    }
  }
  return kept;
}

/**
 * Makes each case of a sequence simpler as fast-check shrinks it, from the last one to the first: the first simpler form that
 * still fails is taken, and shrunk in turn.
 */
export async function shrinkValues(
  arbitrary: fc.Arbitrary<FuzzCase>,
  values: readonly fc.Value<FuzzCase>[],
  fails: StillFails,
  budget: ShrinkBudget,
): Promise<readonly FuzzCase[]> {
  const simplest = [...values];
  for (let at = simplest.length - 1; at >= 0; at--) {
    const failsWith = (candidate: FuzzCase): Promise<boolean> =>
      fails(simplest.map((value, i) => (i === at ? candidate : value.value)));
    let next: fc.Value<FuzzCase> | null = simplest[at]!;
    while (next !== null) {
      simplest[at] = next;
      next = await firstFailing(arbitrary, next, failsWith, budget);
    }
  }
  return simplest.map(({ value }) => value);
}

async function firstFailing(
  arbitrary: fc.Arbitrary<FuzzCase>,
  from: fc.Value<FuzzCase>,
  fails: (candidate: FuzzCase) => Promise<boolean>,
  budget: ShrinkBudget,
): Promise<fc.Value<FuzzCase> | null> {
  for (const candidate of arbitrary.shrink(from.value, from.context)) {
    if (!budget.take()) return null;
    if (await fails(candidate.value)) return candidate;
  }
  return null;
}

/** Steps that a sequence does without; what shrinking of values left over, such as a bind that changed nothing. */
export async function dropSteps(
  cases: readonly FuzzCase[],
  fails: StillFails,
  budget: ShrinkBudget,
): Promise<readonly FuzzCase[]> {
  let kept = cases;
  for (let index = kept.length - 1; index >= 0; index--) {
    for (let at = kept[index]!.steps.length - 1; at >= 0; at--) {
      if (requestsOf(kept) <= 1 && kept[index]!.steps.length === 1) break;
      const steps = kept[index]!.steps.filter((_, i) => i !== at);
      const without = kept.flatMap((one, i) =>
        i !== index ? [one] : steps.length === 0 ? [] : [{ ...one, steps }],
      );
      if (without.length === 0 || !budget.take()) break;
      if (await fails(without)) kept = without;
      if (kept[index] === undefined) break;
    }
  }
  return kept;
}
