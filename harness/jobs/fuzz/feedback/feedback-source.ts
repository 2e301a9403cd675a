import fc from 'fast-check';
import type { FuzzCase } from '../../../cases/case';
import { CaseSource } from '../../../cases/generate/case-source';
import { caseRandom } from '../../../cases/generate/seeding';
import { KeptCases } from './kept-cases';
import { mutateCase } from './mutate-case';
import { type EdgeHits, Novelty } from './novelty';

/** What a case saw. */
export interface Observation {
  readonly words: Iterable<string>;
  /** Null where the host does not say which code it ran. */
  readonly edges: EdgeHits | null;
}

/** Mutants that are remembered by their index: what is looked at lies that far back at most. */
const REMEMBERED = 4096;
/** Of so many cases one is new, as without feedback. */
const NEW_ONE_IN = 3;
/** The mutants of a seed are drawn apart from its new cases. */
const MUTANTS = 0x6d75_7461;

/** Cases of a seed, and variations of those that showed something new. Which they are depends on the host. */
export class FeedbackSource extends CaseSource {
  readonly kept = new KeptCases();
  readonly novelty = new Novelty();
  readonly #mutants = new Map<number, FuzzCase>();

  /**
   * @param onKept is told of each case that is kept
   * @param runs how often the seed was run against the host before
   */
  constructor(
    arbitrary: fc.Arbitrary<FuzzCase>,
    seed: number,
    private readonly onKept: (fuzzCase: FuzzCase) => void = () => {},
    runs = 0,
  ) {
    super(arbitrary, seed, runs);
  }

  override next(index: number): FuzzCase {
    const fresh = super.caseOf(index);
    const random = caseRandom(this.seed ^ MUTANTS, index);
    if (this.kept.size === 0 || random.nextInt(1, NEW_ONE_IN) === 1) return fresh;
    const mutant = mutateCase(this.kept.choose(random), fresh, random);
    this.#mutants.set(index, mutant);
    for (const [oldest] of this.#mutants) {
      if (this.#mutants.size <= REMEMBERED) break;
      this.#mutants.delete(oldest);
    }
    return mutant;
  }

  override caseOf(index: number): FuzzCase {
    return this.#mutants.get(index) ?? super.caseOf(index);
  }

  override valueOf(index: number): fc.Value<FuzzCase> {
    const mutant = this.#mutants.get(index);
    return mutant === undefined ? super.valueOf(index) : new fc.Value(mutant, undefined);
  }

  /** Keeps a case that saw something new. Where the host says which code it ran, that alone decides. */
  learn(fuzzCase: FuzzCase, { words, edges }: Observation): void {
    const isNew = edges === null ? this.novelty.ofWords(words) : this.novelty.ofEdges(edges);
    if (!isNew) return;
    this.kept.add(fuzzCase);
    this.onKept(fuzzCase);
  }
}
