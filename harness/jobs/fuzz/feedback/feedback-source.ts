import fc from 'fast-check';
import type { FuzzCase } from '../../../cases/case';
import { CaseSource } from '../../../cases/generate/case-source';
import { caseRandom } from '../../../cases/generate/seeding';
import { KeptCases } from './kept-cases';
import { mutateCase } from './mutate-case';
import { type EdgeHits, Novelty } from './novelty';
import { type DrawnCase, Untried } from './untried';

/** What a case saw. */
export interface Observation {
  readonly words: Iterable<string>;
  /** Null where the host does not say which code it ran. */
  readonly edges: EdgeHits | null;
}

/** Cases that are remembered by their index: what is looked at lies that far back at most. */
const REMEMBERED = 4096;
/** Drawn for each that is run: the others wait, or are never run. */
const DRAWN = 8;
/** Of so many cases one is as it was drawn; the others are a kept one with it before, behind and within. */
const DRAWN_ONE_IN = 3;
/** The mutants of a seed are drawn apart from its new cases, and these from one another. */
const MUTANTS = 0x6d75_7461;
const OTHERS = 0x6f74_6872;

interface Chosen {
  readonly fuzzCase: FuzzCase;
  /** Null for a mutant. */
  readonly drawn: DrawnCase | null;
}

/**
 * Of the cases of a seed those whose turn it is, by what was tried least; and variations of those that showed something new. Which they are depends
 * on the host.
 */
export class FeedbackSource extends CaseSource {
  readonly kept = new KeptCases();
  readonly novelty = new Novelty();
  readonly #untried = new Untried();
  readonly #chosen = new Map<number, Chosen>();
  #isBegun = false;

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
    if (!this.#isBegun || index < 0) return super.caseOf(index);
    const chosen = this.#choose(index);
    this.#chosen.set(index, chosen);
    for (const [oldest] of this.#chosen) {
      if (this.#chosen.size <= REMEMBERED) break;
      this.#chosen.delete(oldest);
    }
    return chosen.fuzzCase;
  }

  #choose(index: number): Chosen {
    const seeds = Array.from({ length: DRAWN }, (_, at) => this.seed ^ Math.imul(OTHERS, at));
    const drawn = this.#untried.best(
      seeds.map((seed) => ({ fuzzCase: this.drawnFrom(seed, index), seed, index })),
    );
    const random = caseRandom(this.seed ^ MUTANTS, index);
    if (this.kept.size === 0 || random.nextInt(1, DRAWN_ONE_IN) === 1)
      return { fuzzCase: drawn.fuzzCase, drawn };
    return { fuzzCase: mutateCase(this.kept.choose(random), drawn.fuzzCase, random), drawn: null };
  }

  override caseOf(index: number): FuzzCase {
    return this.#chosen.get(index)?.fuzzCase ?? super.caseOf(index);
  }

  override valueOf(index: number): fc.Value<FuzzCase> {
    const chosen = this.#chosen.get(index);
    if (chosen === undefined) return super.valueOf(index);
    const { fuzzCase, drawn } = chosen;
    return drawn === null ? new fc.Value(fuzzCase, undefined) : this.valueFrom(drawn.seed, drawn.index);
  }

  /** Keeps a case that saw something new. Where the host says which code it ran, that alone decides. */
  learn(fuzzCase: FuzzCase, { words, edges }: Observation): void {
    this.#isBegun = true;
    this.#untried.answered(fuzzCase);
    const isNew = edges === null ? this.novelty.ofWords(words) : this.novelty.ofEdges(edges);
    if (!isNew) return;
    this.kept.add(fuzzCase);
    this.onKept(fuzzCase);
  }
}
