import type * as fc from 'fast-check';
import { type FuzzCase, requestsOf, type Step } from '../../cases/case';
import { featuresOf } from '../../cases/features';
import { dropUnneeded, ShrinkBudget, shrinkValues, simplify } from '../../cases/shrink';
import { onlyOf } from './compare';
import { type FoundDifference, idOf } from './found';
import type { Difference, Observation } from './observation';
import type { Both, Pair } from './pair';
import { COUNT_FIELD } from './seen';

/** What showed a difference. */
export interface Suspect {
  readonly index: number;
  readonly cases: readonly FuzzCase[];
  /** By which it is made simpler, where it was drawn. */
  readonly drawn?: fc.Value<FuzzCase> | undefined;
  /** What was asked before it, for a difference that does not show alone. */
  readonly before?: readonly FuzzCase[];
}

const SHRINK_LIMITS = { tries: 500, milliseconds: 20_000 };
/** So often it must show in a row. */
const CONFIRMATIONS = 2;

/** Looks at a difference: whether it shows every time, and in how little. */
export class Look {
  constructor(
    private readonly pair: Pair,
    private readonly arbitrary: fc.Arbitrary<FuzzCase>,
    private readonly stopped: () => boolean,
    private readonly isOfApplications: boolean,
  ) {}

  /** @returns null for what does not show again alone: chance, or another's doing @throws TargetDied */
  async at(difference: Difference, suspect: Suspect): Promise<FoundDifference | null> {
    const { signature } = difference;
    const shows = async (cases: readonly FuzzCase[]): Promise<boolean> =>
      cases.some(({ steps }) => steps.length > 0) && (await this.#difference(cases, signature)) !== null;
    const shown = await this.#culprit(suspect, signature);
    if (shown === null) return null;
    const { culprit } = shown;
    const budget = new ShrinkBudget(SHRINK_LIMITS, this.stopped);
    const needed = await dropUnneeded(culprit, shows, budget);
    const simple = await this.#simplest(needed, suspect, shows, budget);
    const last = await this.#confirmed(simple, signature);
    return last === null ? null : this.#found(last, simple, shown, suspect.index);
  }

  async #culprit({ cases, before = [] }: Suspect, signature: string): Promise<Culprit | null> {
    for (const tried of before.length === 0 ? [cases] : [cases, [...before, ...cases]]) {
      if (this.stopped()) return null;
      if ((await this.#difference(tried, signature)) === null) continue;
      const again = await this.#difference(tried, signature);
      if (again !== null) return { culprit: tried, both: again.both };
    }
    return null;
  }

  async #simplest(
    needed: readonly FuzzCase[],
    { drawn }: Suspect,
    shows: (cases: readonly FuzzCase[]) => Promise<boolean>,
    budget: ShrinkBudget,
  ): Promise<readonly FuzzCase[]> {
    let cases = needed;
    if (cases.length === 1) cases = await this.#fewerSteps(cases[0]!, shows, budget);
    cases = await simplify(cases, shows, budget);
    if (drawn === undefined || cases.length !== 1 || drawn.value.steps.length !== cases[0]!.steps.length)
      return cases;
    // Of what was drawn fast-check knows smaller values too.
    const smaller = await shrinkValues(this.arbitrary, [drawn], shows, budget);
    return simplify(smaller, shows, budget);
  }

  async #fewerSteps(
    one: FuzzCase,
    shows: (cases: readonly FuzzCase[]) => Promise<boolean>,
    budget: ShrinkBudget,
  ): Promise<readonly FuzzCase[]> {
    const showsSteps = (steps: readonly Step[]): Promise<boolean> => shows([{ ...one, steps }]);
    const steps = await dropUnneeded(one.steps, showsSteps, budget);
    return [{ ...one, steps }];
  }

  async #difference(cases: readonly FuzzCase[], signature: string): Promise<Shown | null> {
    const both = await this.pair.alone(cases);
    const difference = this.pair.differences(cases, both).find((one) => one.signature === signature);
    return difference === undefined ? null : { difference, both };
  }

  async #confirmed(cases: readonly FuzzCase[], signature: string): Promise<Shown | null> {
    let shown: Shown | null = null;
    for (let i = 0; i < CONFIRMATIONS; i++) {
      shown = await this.#difference(cases, signature);
      if (shown === null) return null;
    }
    return shown;
  }

  #found(
    { difference, both }: Shown,
    cases: readonly FuzzCase[],
    { culprit, both: unshrunk }: Culprit,
    index: number,
  ): FoundDifference {
    const features = [...featuresOf(cases)].sort();
    return {
      ...{ id: idOf(difference, features), difference, cases, features, index },
      requests: requestsOf(cases),
      shrunkFrom: requestsOf(culprit),
      greatest: difference.path === COUNT_FIELD ? greatestCounts(unshrunk) : null,
      isOfApplications: this.isOfApplications,
      // No source says what a host makes of such.
      broken: this.isOfApplications ? null : brokenBy(both),
    };
  }
}

/** A conversation that shows it every time, before it is made smaller. */
interface Culprit {
  readonly culprit: readonly FuzzCase[];
  readonly both: Both;
}

function greatestCounts([a, b]: Both): readonly [number, number] {
  const greatest = ({ steps }: Observation): number =>
    steps.flat().reduce((most, { fields }) => Math.max(most, Number(fields[COUNT_FIELD] ?? 0)), 0);
  return [greatest(a), greatest(b)];
}

interface Shown {
  readonly difference: Difference;
  readonly both: Both;
}

/** What a clause says against one of the two alone; where something is said against both, nothing is settled. */
export function brokenBy([a, b]: Both): FoundDifference['broken'] {
  const [ofA, ofB] = [onlyOf(a, b), onlyOf(b, a)];
  if (ofA.length > 0 && ofB.length > 0) return null;
  if (ofA.length > 0) return { by: 'A', violation: ofA[0]! };
  return ofB.length > 0 ? { by: 'B', violation: ofB[0]! } : null;
}
