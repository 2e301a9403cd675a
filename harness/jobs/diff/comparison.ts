import type { FuzzCase } from '../../cases/case';
import { TargetDied } from '../../cases/conduct/revive';
import { featuresOf } from '../../cases/features';
import type { CaseSource } from '../../cases/generate/case-source';
import { Times } from './times';
import { type FoundDifference, FoundBook } from './found';
import { Look, type Suspect } from './look';
import type { Difference } from './observation';
import type { Both, Pair } from './pair';

export interface ComparisonOptions {
  readonly stopped: () => boolean;
  readonly onFound: (found: FoundDifference) => Promise<void>;
  /** The hosts are asked of applications that nobody knows, each as it takes them. */
  readonly isOfApplications: boolean;
  /** A case is through. */
  readonly onCase: () => void;
}

/** Cases that may have to do with what a later one shows. */
const REMEMBERED = 32;
const BLOCK = 256;
/** Conversations by which each host is held against itself, beside those that are asked whatever the seed. */
const NOISE_CASES = 8;
/** A host that differed from itself is held against itself so often again: once is chance, and no reason to look away from then on. */
const LISTENINGS = 3;

const bySignature = (differences: readonly Difference[]): Map<string, Difference> =>
  new Map(differences.map((one) => [one.signature, one]));

/** Each once, whichever of the two came first. */
const eitherWay = (differences: readonly Difference[]): Difference[] => [
  ...new Map(differences.map((one) => [one.path ?? [one.a, one.b].sort().join(), one])).values(),
];

/** Asks both hosts the same, and finds in what they differ. */
export class Comparison {
  readonly book = new FoundBook();
  readonly times = new Times();
  /** Seen once and not again. */
  readonly unconfirmed: string[] = [];
  readonly #look: Look;
  readonly #noise = new Map<string, Difference>();
  readonly #onceOfItself = new Map<string, Difference>();
  #recent: FuzzCase[] = [];

  constructor(
    private readonly pair: Pair,
    private readonly source: CaseSource,
    private readonly options: ComparisonOptions,
  ) {
    this.#look = new Look(pair, source.arbitrary, options.stopped, options.isOfApplications);
  }

  /** In what a host differs from itself: that is not looked at. */
  get noise(): readonly Difference[] {
    return eitherWay([...this.#noise.values()]);
  }

  /** In what a host differed from itself once, and not again: that is looked at all the same. */
  get onceOfItself(): readonly Difference[] {
    return eitherWay([...this.#onceOfItself.values()].filter(({ signature }) => !this.#noise.has(signature)));
  }

  /** Holds each host against itself, before the two are held against one another. */
  async measureNoise(conversations: readonly FuzzCase[], isEnough = (): boolean => false): Promise<void> {
    const drawn = Array.from({ length: NOISE_CASES }, (_, at) => this.source.caseOf(at));
    for (const one of [...conversations, ...drawn]) {
      if (this.options.stopped() || isEnough()) break;
      await this.#listen([one]);
    }
  }

  /** What differs again and again is not looked at any more. */
  async #listen(cases: readonly FuzzCase[]): Promise<void> {
    const heard = bySignature(await this.pair.itself(cases));
    for (let time = 0; time < LISTENINGS && heard.size > 0 && !this.options.stopped(); time++) {
      for (const again of await this.pair.itself(cases)) {
        const { signature, path } = again;
        if (!heard.delete(signature)) continue;
        this.#noise.set(signature, again);
        this.pair.ignored.add(path ?? signature);
      }
    }
    for (const [signature, once] of heard) this.#onceOfItself.set(signature, once);
  }

  /** Holds these conversations with both, one after the other. @throws TargetDied */
  async holdAlone(conversations: readonly FuzzCase[], firstIndex: number): Promise<void> {
    for (const [at, one] of conversations.entries()) {
      if (this.options.stopped()) return;
      const both = await this.pair.alone([one]);
      this.times.add(both);
      this.options.onCase();
      await this.#judge([one], both, { index: firstIndex - at, cases: [one] });
    }
  }

  /** Runs the drawn cases of these indices, as many at a time as both take. @throws TargetDied */
  async runBeside(from: number, count: number): Promise<void> {
    for (let at = from; at < from + count && !this.options.stopped(); at += BLOCK)
      await this.#runBlock(at, Math.min(BLOCK, from + count - at));
  }

  async #runBlock(from: number, count: number): Promise<void> {
    const suspects: { suspect: Suspect; both: Both }[] = [];
    const alone: number[] = [];
    let at = from;
    const isDue = (): boolean =>
      at < from + count && suspects.length === 0 && !this.options.stopped() && !this.#isDown;
    const lane = async (): Promise<void> => {
      while (isDue()) {
        const index = at++;
        const drawn = this.source.valueOf(index);
        // Restarts and set clocks are felt by every connection.
        if (drawn.value.level === 'control') {
          alone.push(index);
          continue;
        }
        const both = await this.#runOne(drawn.value);
        if (this.#isExplained([drawn.value], both)) continue;
        const before = [...this.#recent];
        suspects.push({ suspect: { index, cases: [drawn.value], drawn, before }, both });
      }
    };
    while (at < from + count && !this.options.stopped()) {
      await Promise.all(Array.from({ length: this.pair.lanes }, lane));
      await this.pair.reviveBoth();
      for (const { suspect, both } of suspects.splice(0)) await this.#judge(suspect.cases, both, suspect);
    }
    for (const index of alone) if (!this.options.stopped()) await this.#runAlone(index);
  }

  async #runAlone(index: number): Promise<void> {
    const drawn = this.source.valueOf(index);
    const cases = [drawn.value];
    const both = await this.pair.alone(cases);
    this.options.onCase();
    await this.#judge(cases, both, { index, cases, drawn });
  }

  get #isDown(): boolean {
    return this.pair.a.isDown || this.pair.b.isDown;
  }

  async #runOne(one: FuzzCase): Promise<Both> {
    this.#recent.push(one);
    if (this.#recent.length > REMEMBERED) this.#recent.shift();
    const both = await this.pair.beside(one);
    this.times.add(both);
    this.options.onCase();
    return both;
  }

  /** Whether all that differs is known already. */
  #isExplained(cases: readonly FuzzCase[], both: Both): boolean {
    const differences = this.pair.differences(cases, both);
    if (differences.length === 0) return true;
    const features = featuresOf(cases);
    const known = differences.map((difference) => this.book.known(difference, features));
    if (known.some((one) => one === null)) return false;
    for (const found of known) this.book.add(found!);
    return true;
  }

  async #judge(cases: readonly FuzzCase[], both: Both, suspect: Suspect): Promise<void> {
    const features = featuresOf(cases);
    for (const difference of this.pair.differences(cases, both)) {
      if (this.options.stopped()) return;
      const known = this.book.known(difference, features);
      if (known !== null) {
        this.book.add(known);
        continue;
      }
      // A host that does this or that by chance differs from itself in it too.
      await this.#listen(cases);
      if (this.#noise.has(difference.signature)) continue;
      const found = await this.#lookAt(difference, suspect);
      if (found === null) this.unconfirmed.push(`${difference.signature}: ${difference.a} | ${difference.b}`);
      else if (!this.book.all.some((one) => one.found.id === found.id)) {
        this.book.add(found);
        await this.options.onFound(found);
        this.#forgetWhatAlwaysShows(found);
      } else this.book.add(found);
    }
  }

  async #lookAt(difference: Difference, suspect: Suspect): Promise<FoundDifference | null> {
    try {
      return await this.#look.at(difference, suspect);
    } catch (error) {
      if (!(error instanceof TargetDied)) throw error;
      this.unconfirmed.push(`${difference.signature}: ${difference.a} | ${difference.b}`);
      throw error;
    }
  }

  /** A field that differs in the answer to a request without anything unusual differs in all of them: behind it others are looked for. */
  #forgetWhatAlwaysShows({ difference: { path }, features, requests }: FoundDifference): void {
    if (path !== null && features.length === 0 && requests === 1) this.pair.ignored.add(path);
  }
}
