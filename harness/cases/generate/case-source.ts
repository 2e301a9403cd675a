import * as fc from 'fast-check';
import type { FuzzCase } from '../case';
import { Drawn } from './drawn';
import { OPENING_CASES } from './opening-cases';
import { caseInRun } from './run-number';
import { CaseGenerator, caseRandom } from './seeding';

/** The cases of a seed by their index: the same in every session, whatever was made before. */
export class CaseSource {
  constructor(
    readonly arbitrary: fc.Arbitrary<FuzzCase>,
    readonly seed: number,
    /** How often the seed was run against the host before. */
    private readonly run = 0,
  ) {}

  /** The case of this index when it is its turn to run. */
  next(index: number): FuzzCase {
    return this.caseOf(index);
  }

  /** @param index negative for those that every campaign begins with: -1 is the first */
  caseOf(index: number): FuzzCase {
    return index < 0 ? this.valueOf(index).value : this.drawnFrom(this.seed, index);
  }

  /** A case of another seed. */
  protected drawnFrom(seed: number, index: number): FuzzCase {
    const { arbitrary } = this;
    if (!isDrawn(arbitrary)) return this.valueFrom(seed, index).value;
    return caseInRun(arbitrary.draw(CaseGenerator.of(seed, index)), this.run);
  }

  /** The same with what fast-check needs to shrink it. */
  valueOf(index: number): fc.Value<FuzzCase> {
    const opening = index < 0 ? OPENING_CASES[-1 - index] : undefined;
    // One that was not drawn is shrunk by its steps alone.
    if (opening !== undefined) return new fc.Value(caseInRun(opening, this.run), undefined);
    return this.valueFrom(this.seed, index);
  }

  protected valueFrom(seed: number, index: number): fc.Value<FuzzCase> {
    const made = this.arbitrary.generate(caseRandom(seed, index), undefined);
    return this.run === 0 ? made : new fc.Value(caseInRun(made.value, this.run), made.context);
  }
}

const isDrawn = (arbitrary: fc.Arbitrary<FuzzCase>): arbitrary is Drawn<FuzzCase> =>
  arbitrary instanceof Drawn;
