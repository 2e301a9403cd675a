import type { Random } from '../../../support/random';
import type { TargetControls } from '../../../target';
import type { RunContext } from '../../../cases/conduct/capabilities';
import { type FuzzCase, requestsOf } from '../../../cases/case';
import type { CaseSource } from '../../../cases/generate/case-source';
import { clauseOf } from './clause-of';
import { featuresOf } from '../../../cases/features';
import { type Finding, type FindingBook, idOf } from './finding';
import { checkLiveness, type Life } from '../../../cases/conduct/probe';
import type { Revival } from '../../../cases/conduct/revive';
import { isAboutTime, isOfLife, Reproducer, violationOfLife } from './reproduce';
import type { CaseResult } from '../../../cases/conduct/run-case';
import { NotBeside } from './not-beside';
import { dropUnneeded, ShrinkBudget, shrinkValues, simplify } from '../../../cases/shrink';
import { groupOf, type Violation } from '../../../cases/judge/violation';
import { type Culprit, culpritsAmong, formOf, type Suspects } from './suspects';

/** A case that showed something. */
export interface Incident {
  readonly index: number;
  readonly result: CaseResult;
  /** The cases that its connection carried, itself at the end; none where it had connections of its own. */
  readonly chain?: readonly number[];
}

export interface InvestigationOptions {
  /** Aborted when the campaign's time is over: what is still waited for tells nothing then. */
  readonly cut?: AbortSignal | undefined;
  readonly context: RunContext;
  readonly controls: TargetControls;
  readonly random: Random;
  readonly book: FindingBook;
  /** Cases that ran at the same time. */
  readonly lanes: number;
  /** Nobody else uses the target: it may be restarted between tries. */
  readonly exclusive: boolean;
  /** Deadline while shrinking, where silence is what is looked for. */
  readonly shrinkTimeoutMs: number;
  /** How a host that died is waited for. */
  readonly revival?: Revival | undefined;
  readonly onFinding: (finding: Finding) => Promise<void>;
  /** Something that did not show again, and of which the host need not be guilty. */
  readonly onUnconfirmed: (found: Violation) => void;
}

/** What is known of the time before something was seen. */
export interface InvestigationContext {
  /** Indices of the cases that ran lately, in their order. */
  readonly recent: readonly number[];
  /** Somebody else looked at something meanwhile, and may have killed the host or restarted it. */
  readonly disturbed: boolean;
  readonly stopped: () => boolean;
  /** Cases go on meanwhile: the host is not restarted between tries. Says whether it has to be looked at alone after all. */
  readonly beside?: (() => boolean) | undefined;
}

type Shown = Violation & { readonly reproduced: boolean };

const SHRINK_LIMITS = { tries: 600, milliseconds: 60_000 };
const CONFIRMATIONS = 3;

/**
 * Looks at what cases met: runs them again alone, so that nobody else is blamed for it, and shrinks them. Where it is stopped, what was
 * found is told as far as it is known.
 */
export class Investigation {
  /** With the whole deadline: only it tells what is late. */
  readonly #patient: Reproducer;
  readonly #alone: Reproducer;
  /** Never restarts the host. */
  #beside: Reproducer;
  readonly #besideAfresh: () => Reproducer;

  constructor(
    private readonly source: CaseSource,
    private readonly options: InvestigationOptions,
  ) {
    const { context, controls, random, shrinkTimeoutMs, exclusive, revival } = options;
    const patient = { ...context, patience: undefined };
    const shrinking = { ...patient, timeoutMs: shrinkTimeoutMs };
    const before = context.patience;
    this.#patient = new Reproducer(patient, controls, random, exclusive, undefined, before);
    this.#alone = new Reproducer(shrinking, controls, random, exclusive, revival, before);
    const { restart: _, ...withoutRestart } = controls;
    const beside = (): Reproducer =>
      new Reproducer(shrinking, withoutRestart, random, false, undefined, before);
    this.#besideAfresh = beside;
    this.#beside = beside();
  }

  /** @throws TargetDied where the host is gone for good */
  async look(incidents: readonly Incident[], at: InvestigationContext): Promise<void> {
    const life = at.beside === undefined ? violationOfLife(await this.#life()) : null;
    if (life !== null) return this.#lookAtDeath(life, incidents, at);
    for (const { index, result, chain = [] } of incidents) {
      const seen = new Map(result.violations.map((found) => [groupOf(found), found]));
      for (const found of seen.values())
        await this.#lookAt(found, { indices: [index], chains: [chain], gaveUpMs: result.gaveUpMs }, at);
    }
  }

  /** Cut off, nothing is known but what the host had the whole deadline for. */
  async #life(): Promise<Life> {
    const { context, random, cut } = this.options;
    const startedAt = performance.now();
    const life = await checkLiveness({ ...context, patience: undefined }, random);
    if (cut?.aborted !== true) return life;
    return performance.now() - startedAt > context.timeoutMs ? 'silent' : 'answers';
  }

  /** Any case that was under way may have done it; those that met the host's end themselves are asked first. */
  async #lookAtDeath(
    life: Violation,
    incidents: readonly Incident[],
    at: InvestigationContext,
  ): Promise<void> {
    const known = incidents.filter(({ result }) => !result.unreachable);
    const met = known.map(({ index }) => index);
    try {
      await this.#alone.revive(at.stopped);
    } catch (error) {
      // Nobody can be asked any more: all that may have done it goes into the report.
      const suspects = met.length > 0 ? met : incidents.map(({ index }) => index);
      await this.#tell(this.#unconfirmed(life, suspects));
      throw error;
    }
    const others = [...at.recent].reverse().filter((index) => !met.includes(index));
    const chains = known.map(({ chain = [] }) => chain);
    const gaveUpMs = Math.max(0, ...known.map(({ result }) => result.gaveUpMs));
    await this.#lookAt(life, { indices: [...met, ...others], chains, gaveUpMs }, at);
    await this.#alone.revive(at.stopped);
  }

  async #lookAt(found: Violation, suspects: Suspects, at: InvestigationContext): Promise<void> {
    const { book, onUnconfirmed, lanes } = this.options;
    const { indices, chains, gaveUpMs } = suspects;
    const [chain = []] = chains;
    const before = { recent: this.#cases(at.recent), chain: this.#cases(chain) };
    const known = book.known(found, this.#cases(indices.slice(0, lanes)), before);
    if (known !== null) return void book.add(known);
    this.#takeSlowestMs();
    const culprit = await this.#orTell(this.#culprit(groupOf(found), suspects, at), () =>
      this.#unconfirmed(found, indices),
    );
    if (culprit !== null && (await this.#isLate(found, culprit, at))) {
      const asItIs = (): Finding =>
        this.#finding({ ...found, reproduced: true }, this.#formed(culprit), culprit.indices);
      // Whoever starts the host by hand is not asked to again and again.
      const isEnough = isOfLife(found) && this.#alone.isReturnSlow;
      return this.#tell(isEnough ? asItIs() : await this.#orTell(this.#shrunk(found, culprit, at), asItIs));
    }
    if (isAboutTime(found)) this.options.context.patience?.wasTooShort(gaveUpMs, this.#takeSlowestMs());
    if (at.beside?.() === true) throw new NotBeside();
    // On a machine that is busy, a deadline passes now and then: what cannot be shown again is no finding about time.
    // In the one table of a host others may have been counted.
    const isOfAll = found.oracle === 'count' && !this.options.context.capabilities.countsApplicationsApart;
    if (at.disturbed || isAboutTime(found) || isOfAll) return onUnconfirmed(found);
    await this.#tell(this.#unconfirmed(found, indices.slice(0, 1)));
  }

  /** Where it cannot be gone on with, as the host is gone for good or a control fails, what is known by then is told. */
  async #orTell<T>(looking: Promise<T>, known: () => Finding): Promise<T> {
    try {
      return await looking;
    } catch (error) {
      if (!(error instanceof NotBeside)) await this.#tell(known());
      throw error;
    }
  }

  async #tell(finding: Finding): Promise<void> {
    if (this.options.book.add(finding)) await this.options.onFinding(finding);
  }

  /** The cases that show it while nobody else asks; null where none do. */
  async #culprit(
    group: string,
    suspects: Suspects,
    { recent, stopped, beside }: InvestigationContext,
  ): Promise<Culprit | null> {
    for (const culprit of culpritsAmong(suspects, recent)) {
      if (stopped()) return null;
      if (await this.#shows(this.#formed(culprit), group, { stopped, beside })) return culprit;
    }
    return null;
  }

  /** @throws NotBeside where the host dies of it, or somebody else disturbs */
  async #shows(
    cases: readonly FuzzCase[],
    group: string,
    { stopped, beside }: Pick<InvestigationContext, 'stopped' | 'beside'>,
  ): Promise<boolean> {
    if (beside === undefined) return this.#alone.shows(cases, group, stopped);
    const violations = await this.#beside.violationsOf(cases, { stopped });
    if (beside() || violations.some(isOfLife)) {
      // It would wait for the host to come back, for which others are there.
      this.#beside = this.#besideAfresh();
      throw new NotBeside();
    }
    return violations.some((found) => groupOf(found) === group);
  }

  /** What was shown again by a short wait is shown by the whole deadline too, where it is about time. */
  async #isLate(found: Violation, culprit: Culprit, { stopped }: InvestigationContext): Promise<boolean> {
    const { context, shrinkTimeoutMs } = this.options;
    if (!isAboutTime(found) || context.timeoutMs <= shrinkTimeoutMs) return true;
    return !stopped() && this.#patient.shows(this.#formed(culprit), groupOf(found), stopped);
  }

  async #shrunk(
    found: Violation,
    culprit: Culprit,
    { stopped, beside }: InvestigationContext,
  ): Promise<Finding> {
    const { indices } = culprit;
    const group = groupOf(found);
    const budget = new ShrinkBudget(SHRINK_LIMITS, stopped);
    const fails = (cases: readonly FuzzCase[]): Promise<boolean> =>
      this.#shows(cases, group, { stopped, beside });
    const failsSo = async (cases: readonly FuzzCase[]): Promise<boolean> => {
      const formed = formOf(culprit, cases);
      return formed.length > 0 && fails(formed);
    };
    const needed = await dropUnneeded(indices, (fewer) => failsSo(this.#cases(fewer)), budget);
    const values = needed.map((index) => this.source.valueOf(index));
    const simple = await shrinkValues(this.source.arbitrary, values, failsSo, budget);
    const cases = await simplify(formOf(culprit, simple), fails, budget);
    return this.#finding(await this.#confirmed(found, cases, { stopped, beside }), cases, indices);
  }

  /** What the shrunk sequence shows: its numbers are those to tell. */
  async #confirmed(
    found: Violation,
    cases: readonly FuzzCase[],
    { stopped, beside }: Pick<InvestigationContext, 'stopped' | 'beside'>,
  ): Promise<Shown> {
    let shown = found;
    const reproducer = beside === undefined ? this.#alone : this.#beside;
    for (let i = 0; i < CONFIRMATIONS; i++) {
      // Time is over: it was shown again when it was looked for, and by each shorter form.
      if (stopped()) break;
      const violations = await reproducer.violationsOf(cases, { looksAtLife: true, stopped });
      const again = violations.find((one) => groupOf(one) === groupOf(found));
      if (beside?.() === true) throw new NotBeside();
      if (again === undefined && stopped()) break;
      if (again === undefined) return { ...found, reproduced: false };
      shown = again;
    }
    return { ...shown, reproduced: true };
  }

  /** What the slowest reaction took since this was asked last, in ms. */
  #takeSlowestMs(): number | null {
    const each = [this.#patient, this.#alone, this.#beside].map((one) => one.takeSlowestMs());
    const seen = each.filter((ms) => ms !== null);
    return seen.length === 0 ? null : Math.max(...seen);
  }

  #unconfirmed(found: Violation, suspects: readonly number[]): Finding {
    return this.#finding({ ...found, reproduced: false }, this.#cases(suspects), suspects);
  }

  #finding(shown: Shown, cases: readonly FuzzCase[], culprit: readonly number[]): Finding {
    const features = [...featuresOf(cases)].sort();
    return {
      id: idOf(shown, features),
      ...shown,
      clause: clauseOf(shown, cases),
      cases,
      features,
      seed: this.source.seed,
      index: culprit.at(-1)!,
      requests: requestsOf(cases),
      shrunkFrom: requestsOf(this.#cases(culprit)),
    };
  }

  #formed(culprit: Culprit): readonly FuzzCase[] {
    return formOf(culprit, this.#cases(culprit.indices));
  }

  #cases(indices: readonly number[]): readonly FuzzCase[] {
    return indices.map((index) => this.source.caseOf(index));
  }
}
