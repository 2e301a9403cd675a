import type * as fc from 'fast-check';
import type { FuzzCase } from '../case';
import { caseRandom } from './seeding';

/** The cases of a seed by their index: the same in every session, whatever was made before. */
export class CaseSource {
  constructor(
    readonly arbitrary: fc.Arbitrary<FuzzCase>,
    readonly seed: number,
  ) {}

  caseOf(index: number): FuzzCase {
    return this.valueOf(index).value;
  }

  /** With what fast-check needs to shrink it. */
  valueOf(index: number): fc.Value<FuzzCase> {
    return this.arbitrary.generate(caseRandom(this.seed, index), undefined);
  }
}
