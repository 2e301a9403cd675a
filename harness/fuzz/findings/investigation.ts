import type { Random } from '../../random';
import type { TargetControls } from '../../target';
import type { RunContext } from '../conduct/capabilities';
import { type FuzzCase, requestsOf } from '../case';
import type { CaseSource } from '../generate/case-source';
import { featuresOf, type Finding, type FindingBook, idOf } from './finding';
import { lifeOf } from '../conduct/probe';
import { Reproducer, violationOfLife } from './reproduce';
import type { CaseResult } from '../conduct/run-case';
import { dropUnneeded, ShrinkBudget, shrinkValues, simplify } from './shrink';
import { groupOf, type Violation } from '../judge/violation';

/** A case that showed something. */
export interface Incident {
  readonly index: number;
  readonly result: CaseResult;
}

export interface InvestigationOptions {
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
  readonly onFinding: (finding: Finding) => Promise<void>;
  /** Something that did not show again, and of which the host need not be guilty. */
  readonly onUnconfirmed: (found: Violation) => void;
}

/** What is known of the time before something was seen. */
export interface Circumstances {
  /** Indices of the cases that ran lately, in their order. */
  readonly recent: readonly number[];
  /** Somebody else looked at something meanwhile, and may have killed the host or restarted it. */
  readonly disturbed: boolean;
  readonly stopped: () => boolean;
}

type Shown = Violation & { readonly reproduced: boolean };

const SHRINK_LIMITS = { tries: 600, milliseconds: 60_000 };
const CONFIRMATIONS = 3;

/**
 * Looks at what cases met: runs them again alone, so that nobody else is blamed for it, and shrinks them. Where it is stopped, what was
 * found is told as far as it is known.
 */
export class Investigation {
  readonly #reproducer: Reproducer;

  constructor(
    private readonly source: CaseSource,
    private readonly options: InvestigationOptions,
  ) {
    const { context, controls, random, shrinkTimeoutMs, exclusive } = options;
    const shrinking = { ...context, timeoutMs: shrinkTimeoutMs };
    this.#reproducer = new Reproducer(shrinking, controls, random, exclusive);
  }

  /** @throws TargetDied where the host is gone for good */
  async look(incidents: readonly Incident[], at: Circumstances): Promise<void> {
    const { context, random } = this.options;
    const life = violationOfLife(await lifeOf(context, random));
    if (life !== null) return this.#lookAtDeath(life, incidents, at);
    for (const { index, result } of incidents) {
      const seen = new Map(result.violations.map((found) => [groupOf(found), found]));
      for (const found of seen.values()) await this.#lookAt(found, [index], at);
    }
  }

  /** Any case that was under way may have done it; those that met the host's end themselves are asked first. */
  async #lookAtDeath(life: Violation, incidents: readonly Incident[], at: Circumstances): Promise<void> {
    const met = incidents.filter(({ result }) => !result.unreachable).map(({ index }) => index);
    try {
      await this.#reproducer.revive(at.stopped);
    } catch (error) {
      // Nobody can be asked any more: all that may have done it goes into the report.
      const suspects = met.length > 0 ? met : incidents.map(({ index }) => index);
      await this.#tell(this.#unconfirmed(life, suspects));
      throw error;
    }
    const others = [...at.recent].reverse().filter((index) => !met.includes(index));
    await this.#lookAt(life, [...met, ...others], at);
    await this.#reproducer.revive(at.stopped);
  }

  async #lookAt(found: Violation, suspects: readonly number[], at: Circumstances): Promise<void> {
    const { book, onUnconfirmed, lanes } = this.options;
    const known = book.known(found, this.#cases(suspects.slice(0, lanes)), this.#cases(at.recent));
    if (known !== null) return void book.add(known);
    const culprit = await this.#culprit(groupOf(found), suspects, at);
    if (culprit !== null) return this.#tell(await this.#shrunk(found, culprit, at));
    // On a machine that is busy, a deadline passes now and then: what cannot be shown again is no finding about time.
    if (at.disturbed || found.oracle === 'in-time' || found.oracle === 'released')
      return onUnconfirmed(found);
    await this.#tell(this.#unconfirmed(found, suspects.slice(0, 1)));
  }

  async #tell(finding: Finding): Promise<void> {
    if (this.options.book.add(finding)) await this.options.onFinding(finding);
  }

  /** The cases that show it alone: one of the suspects, or all that were run lately, in their order. */
  async #culprit(
    group: string,
    suspects: readonly number[],
    { recent, stopped }: Circumstances,
  ): Promise<readonly number[] | null> {
    const shows = (indices: readonly number[]): Promise<boolean> =>
      this.#reproducer.shows(this.#cases(indices), group, stopped);
    for (const index of suspects) {
      if (stopped()) return null;
      if (await shows([index])) return [index];
    }
    const last = suspects[0]!;
    const history = [...recent.filter((index) => index !== last), last];
    return (await shows(history)) ? history : null;
  }

  async #shrunk(found: Violation, culprit: readonly number[], { stopped }: Circumstances): Promise<Finding> {
    const group = groupOf(found);
    const budget = new ShrinkBudget(SHRINK_LIMITS, stopped);
    const fails = (cases: readonly FuzzCase[]): Promise<boolean> =>
      this.#reproducer.shows(cases, group, stopped);
    const needed = await dropUnneeded(culprit, (indices) => fails(this.#cases(indices)), budget);
    const values = needed.map((index) => this.source.valueOf(index));
    const simple = await shrinkValues(this.source.arbitrary, values, fails, budget);
    const cases = await simplify(simple, fails, budget);
    return this.#finding(await this.#confirmed(found, cases, stopped), cases, culprit);
  }

  /** What the shrunk sequence shows: its numbers are those to tell. */
  async #confirmed(found: Violation, cases: readonly FuzzCase[], stopped: () => boolean): Promise<Shown> {
    let shown = found;
    for (let i = 0; i < CONFIRMATIONS; i++) {
      const violations = await this.#reproducer.violationsOf(cases, { looksAtLife: true, stopped });
      const again = violations.find((one) => groupOf(one) === groupOf(found));
      if (again === undefined) return { ...found, reproduced: false };
      shown = again;
    }
    return { ...shown, reproduced: true };
  }

  #unconfirmed(found: Violation, suspects: readonly number[]): Finding {
    return this.#finding({ ...found, reproduced: false }, this.#cases(suspects), suspects);
  }

  #finding(shown: Shown, cases: readonly FuzzCase[], culprit: readonly number[]): Finding {
    const features = [...featuresOf(cases)].sort();
    return {
      id: idOf(shown, features),
      ...shown,
      cases,
      features,
      seed: this.source.seed,
      index: culprit.at(-1)!,
      requests: requestsOf(cases),
      shrunkFrom: requestsOf(this.#cases(culprit)),
    };
  }

  #cases(indices: readonly number[]): readonly FuzzCase[] {
    return indices.map((index) => this.source.caseOf(index));
  }
}
