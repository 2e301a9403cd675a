import { join } from 'node:path';
import type { JobEnd, JobOutcome } from '../../../reports/results/job-outcome';
import type { Coverage, Finding } from '../../../reports/results/model';
import { KnownOutcomes } from '../../baseline/known-outcomes';
import { TargetDied } from '../../cases/conduct/revive';
import { caseArbitrary } from '../../cases/generate/case-arbitrary';
import { CaseSource } from '../../cases/generate/case-source';
import { NO_CORPUS, readCorpus } from '../../cases/generate/corpus';
import { LocalLimits, notSufficient } from '../../support/local-limits';
import type { Random } from '../../support/random';
import { askedAlike, identitiesOf, levelsFor, runOf } from './asked-alike';
import { Comparison } from './comparison';
import { APPLICATION_CONVERSATIONS, conversationsFor } from './conversations';
import { recordedConversations } from './conversations/recorded';
import { causesOf, type FoundDifference } from './found';
import type { Difference } from './observation';
import { Pair } from './pair';
import type { DiffHost, DiffPlan } from './plan';
import { repeatLine, reportedAll } from './reported';
import { saveDifference } from './saved';
import { Side } from './side';
import { differenceWords } from './words';

/** Who hears of a comparison while it runs, and what ends it. */
export interface DiffJobOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onFound?: (found: FoundDifference) => void;
  readonly onProgress?: (progress: DiffProgress) => void;
}

/** How far a comparison of two hosts is. */
export interface DiffProgress {
  /** Conversations and cases that were held with both. */
  readonly cases: number;
  readonly differences: number;
}

/** What a comparison of two hosts came to. */
export interface DiffOutcome extends JobOutcome {
  readonly sections: { readonly coverage: Coverage; readonly findings: Finding[] };
  readonly found: readonly FoundDifference[];
  /** In what a host differs from itself, which is not looked at. */
  readonly noise: readonly Difference[];
  readonly cases: number;
}

/** Cases that are drawn between two looks at the clock. */
const BATCH = 512;

/**
 * Asks two hosts the same and compares their answers as values (sections `coverage` and `findings`): kind, status, every field but what is
 * each host's own, counts, how connections end, whether the host lives. Each difference is shown again alone, shrunk to the smallest conversation,
 * and saved with the captures of both sides.
 * @throws HostFailure where one of them cannot be reached or answers no good request; UsageError, ConfigError for baseline and corpus
 */
export async function diff(
  plan: DiffPlan,
  a: DiffHost,
  b: DiffHost,
  options: DiffJobOptions = {},
): Promise<DiffOutcome> {
  const known = plan.baseline === undefined ? null : await KnownOutcomes.open(plan.baseline);
  const run = new DiffRun(plan, a, b, options);
  await run.toItsEnd();
  return run.outcome(known);
}

class DiffRun {
  readonly #startedAt = performance.now();
  readonly #found: FoundDifference[] = [];
  readonly #saved = new Map<string, string>();
  readonly #cases = new Map<string, number>();
  readonly #warnings: string[] = [];
  /** Behind them nothing is judged. */
  readonly #limits = new LocalLimits();
  readonly #noise: Difference[] = [];
  #held = 0;
  /** The sides as they are asked. */
  #asked: readonly Side[] = [];
  #ended: JobEnd | undefined;
  #isStopped = false;
  #coverage: Coverage | null = null;

  constructor(
    private readonly plan: DiffPlan,
    private readonly a: DiffHost,
    private readonly b: DiffHost,
    private readonly options: DiffJobOptions,
  ) {}

  readonly #stopped = (): boolean =>
    this.#isStopped || this.options.signal?.aborted === true || this.#isLate || this.#limits.met.length > 0;

  get #isLate(): boolean {
    return this.#isTimeOver(1);
  }

  /** @param share of the time that there is */
  #isTimeOver(share: number): boolean {
    const { milliseconds } = this.plan;
    return milliseconds !== null && performance.now() - this.#startedAt > share * milliseconds;
  }

  async toItsEnd(): Promise<void> {
    const { seed, timeoutMs } = this.plan;
    const { signal } = this.options;
    const open = ({ target }: DiffHost): Promise<Side> => Side.open(target, { timeoutMs, seed, signal });
    try {
      const [a, b] = [await open(this.a), await open(this.b)];
      await this.#compare(a, b);
    } catch (error) {
      // What is cut off by an interruption is no fault of a host's.
      if (!(error instanceof TargetDied) && signal?.aborted !== true) throw error;
      if (!(error instanceof TargetDied)) return this.#interrupt();
      const which = [this.a, this.b].filter((_, at) => this.#asked[at]?.isDown === true);
      const names = which.map(({ name }) => name).join(' and ');
      this.#ended = { how: 'target-died', message: `${names}: ${error.message}` };
    }
    if (signal?.aborted === true) this.#interrupt();
  }

  #interrupt(): void {
    this.#ended = { how: 'interrupted', message: 'interrupted' };
  }

  async #compare(a: Side, b: Side): Promise<void> {
    const { seed, levels, corpus, ignore = [], timing = false } = this.plan;
    const run = await runOf(a, b, seed);
    const random = identitiesOf(seed, run);
    const recorded = corpus === null ? NO_CORPUS : await readCorpus(corpus, this.options.signal);
    const source = new CaseSource(
      caseArbitrary({ levels: levelsFor(levels, a, b), corpus: recorded }),
      seed,
      run,
    );
    await this.#compareApplications(a, b, source, random);
    const [asked, other] = askedAlike(a, b);
    this.#asked = [asked, other];
    const pair = new Pair(asked, other, random, this.#stopped);
    for (const field of ignore) pair.ignored.add(field);
    const comparison = this.#comparison(pair, source, false);
    const conversations = conversationsFor([a.target.controls, b.target.controls]);
    try {
      await comparison.measureNoise(
        conversations.filter((_, at) => at % NOISE_SHARE === 0),
        () => this.#isTimeOver(NOISE_TIME),
      );
      await comparison.holdAlone(conversations, -1);
      if (corpus !== null)
        await comparison.holdAlone(
          await recordedConversations(corpus, this.options.signal),
          -1 - conversations.length,
        );
      await this.#draw(comparison);
    } finally {
      this.#take(comparison);
      const cases = { cases: this.#held, casesPerSecond: this.#rate };
      this.#coverage = asked.coverage.report(cases);
      if (timing) this.#warnings.push(...comparison.times.inWords(this.a.name, this.b.name));
    }
  }

  /** How each takes applications that nobody knows: where the two differ in it, all that follows is asked of Windows. */
  async #compareApplications(a: Side, b: Side, source: CaseSource, random: Random): Promise<void> {
    const [one, other] = [a.capabilities, b.capabilities];
    const isAlike =
      one.grantsAnyApplication === other.grantsAnyApplication &&
      one.countsApplicationsApart === other.countsApplicationsApart;
    if (isAlike) return;
    this.#asked = [a, b];
    const pair = new Pair(a, b, random, this.#stopped, 'apart');
    for (const field of this.plan.ignore ?? []) pair.ignored.add(field);
    const comparison = this.#comparison(pair, source, true);
    try {
      await comparison.holdAlone(APPLICATION_CONVERSATIONS, -1);
    } finally {
      this.#take(comparison);
    }
  }

  async #draw(comparison: Comparison): Promise<void> {
    const { runs } = this.plan;
    for (let from = 0; !this.#stopped() && (runs === null || from < runs); from += BATCH)
      await comparison.runBeside(from, runs === null ? BATCH : Math.min(BATCH, runs - from));
  }

  #comparison(pair: Pair, source: CaseSource, isOfApplications: boolean): Comparison {
    return new Comparison(pair, source, {
      stopped: this.#stopped,
      isOfApplications,
      onCase: () => {
        this.#held++;
        this.options.onProgress?.({ cases: this.#held, differences: this.#found.length });
      },
      onFound: async (found) => {
        const { met } = this.#limits;
        if (met.length > 0)
          return void this.#warnings.push(
            `not judged: ${differenceWords(found.difference)} (${notSufficient(met)})`,
          );
        this.#found.push(found);
        this.options.onFound?.(found);
        if (this.plan.stopOnDifference === true) this.#isStopped = true;
        await this.#save(found, pair);
      },
    });
  }

  async #save(found: FoundDifference, pair: Pair): Promise<void> {
    const { plan, a, b } = this;
    if (plan.out === undefined) return;
    const place = join(plan.out, found.id);
    const repeat = repeatLine(plan, [a.name, b.name], place);
    try {
      await saveDifference(place, found, pair, { hosts: [a, b], repeat });
      this.#saved.set(found.id, place);
    } catch (error) {
      if (error instanceof TargetDied) throw error;
      this.#warnings.push(`${found.id} could not be saved (${(error as Error).message})`);
    }
  }

  #take({ book, unconfirmed, noise, onceOfItself }: Comparison): void {
    this.#noise.push(...noise);
    if (onceOfItself.length > 0)
      this.#warnings.push(
        `a host differed from itself once and not again, ${onceOfItself.length} times, and it was looked at all the same, such as ${differenceWords(onceOfItself[0]!)}`,
      );
    for (const { found, cases } of book.all) this.#cases.set(found.id, cases);
    if (unconfirmed.length === 0) return;
    this.#warnings.push(`seen once and not again, ${unconfirmed.length} times, such as ${unconfirmed[0]}`);
  }

  get #rate(): number {
    return this.#held / Math.max(0.001, (performance.now() - this.#startedAt) / 1000);
  }

  async outcome(known: KnownOutcomes | null): Promise<DiffOutcome> {
    const { plan } = this;
    const findings = reportedAll(this.#found, {
      ...{ plan, names: [this.a.name, this.b.name], causes: causesOf(this.#found), cases: this.#cases },
      saved: this.#saved,
    });
    const noise = this.#noise.map(
      (one) => `not looked at, as a host differs from itself in it: ${differenceWords(one)}`,
    );
    return {
      results: [],
      sections: {
        coverage: this.#coverage ?? EMPTY_COVERAGE,
        findings: (await known?.settleFindings(findings)) ?? findings,
      },
      ended: this.#ended,
      warnings: [...noise, ...this.#warnings],
      ...{ found: this.#found, noise: this.#noise, cases: this.#held },
    };
  }
}

/** In one of so many of the conversations that are asked whatever the seed is each host held against itself, for at most so much of the time. */
const NOISE_SHARE = 48;
const NOISE_TIME = 0.25;
const EMPTY_COVERAGE: Coverage = { cases: 0, casesPerSecond: 0, rows: [] };
