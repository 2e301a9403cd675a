import type * as fc from 'fast-check';
import type { Random } from '../random';
import type { TargetControls } from '../target';
import type { RunContext } from './capabilities';
import { type FuzzCase, requestsOf } from './case';
import { CaseCount } from './case-count';
import { CoverageTable } from './coverage';
import { Dialogue } from './dialogue';
import { featuresOf, type Finding, type FindingBook, idOf } from './finding';
import { LeakWatch } from './leak-watch';
import { lifeOf } from './probe';
import { Reproducer, violationOfLife } from './reproduce';
import { type CaseResult, CaseRun, isSingleCall, WINDOWS } from './run-case';
import { caseRandom } from './seeding';
import { dropUnneeded, ShrinkBudget, shrinkValues, simplify } from './shrink';
import { groupOf, type Violation } from './violation';

export interface SessionOptions {
  readonly context: RunContext;
  readonly controls: TargetControls;
  readonly arbitrary: fc.Arbitrary<FuzzCase>;
  readonly seed: number;
  readonly random: Random;
  readonly book: FindingBook;
  /** Cases that run at the same time. */
  readonly lanes: number;
  /** Single calls go over a connection that each lane keeps, or over one each. */
  readonly connections: 'kept' | 'each';
  /** Nobody else uses the target: it may be reset and its clock set. */
  readonly exclusive: boolean;
  /** Deadline while shrinking, where silence is what is looked for. */
  readonly shrinkTimeoutMs: number;
  readonly onFinding: (finding: Finding) => Promise<void>;
  /** Something about time that did not show again. */
  readonly onUnconfirmed: (found: Violation) => void;
}

/** A case that showed something. */
interface Incident {
  readonly index: number;
  readonly result: CaseResult;
}

/** Cases that may have to do with what a later one shows. */
const REMEMBERED = 64;
/** A host that counts for every new application is emptied now and then, where that can be done. */
const CASES_TO_RESET = 5000;
const SHRINK_LIMITS = { tries: 600, milliseconds: 60_000 };
const CONFIRMATIONS = 3;

/** Runs cases of a seed against one target: lanes side by side, and what looks wrong alone and again. */
export class FuzzSession {
  readonly coverage = new CoverageTable();
  readonly #watch = new LeakWatch();
  readonly #kept: (Dialogue | null)[];
  readonly #recent: number[] = [];
  readonly #reproducer: Reproducer;
  #sinceReset = 0;
  #cases = 0;

  constructor(private readonly options: SessionOptions) {
    const { context, controls, random, shrinkTimeoutMs } = options;
    this.#kept = Array.from({ length: options.lanes }, () => null);
    this.#reproducer = new Reproducer(
      { ...context, timeoutMs: shrinkTimeoutMs },
      controls,
      random,
      options.exclusive,
    );
  }

  /** Cases that were run since the last time. */
  takeCases(): number {
    const cases = this.#cases;
    this.#cases = 0;
    return cases;
  }

  /** The case of an index: the same in every session with this seed. */
  caseOf(index: number): FuzzCase {
    return this.#valueOf(index).value;
  }

  #valueOf(index: number): fc.Value<FuzzCase> {
    return this.options.arbitrary.generate(caseRandom(this.options.seed, index), undefined);
  }

  /**
   * Runs the cases of these indices; findings are told as they are made.
   * @throws TargetDied where the host is gone for good
   */
  async run(indices: readonly number[], stop: () => boolean = () => false): Promise<void> {
    const alone: number[] = [];
    let at = 0;
    while (at < indices.length && !stop()) {
      const incidents: Incident[] = [];
      const lanes = this.#kept.map(async (_, lane) => {
        while (at < indices.length && incidents.length === 0 && !stop()) {
          const index = indices[at++]!;
          const fuzzCase = this.caseOf(index);
          if (fuzzCase.level === 'control') alone.push(index);
          else await this.#runIn(lane, index, fuzzCase, incidents);
        }
      });
      await Promise.all(lanes);
      await this.#look(incidents);
      await this.#resetNowAndThen();
    }
    for (const index of alone) await this.#runAlone(index);
  }

  async #runIn(lane: number, index: number, fuzzCase: FuzzCase, incidents: Incident[]): Promise<void> {
    this.#remember(index);
    const kept = this.#keepsFor(fuzzCase) ? await this.#keptOf(lane) : null;
    const result = await this.#runCase(fuzzCase, kept);
    if (kept !== null && !kept.usable) {
      // The host has ended its side alone: the socket is released here.
      kept.drop('fin');
      this.#kept[lane] = null;
    }
    if (result.violations.length > 0 || result.suspicious) incidents.push({ index, result });
  }

  #keepsFor(fuzzCase: FuzzCase): boolean {
    const { connections, context } = this.options;
    return connections === 'kept' && context.capabilities.keepsConnections && isSingleCall(fuzzCase);
  }

  /** The connection of a lane; null where the host cannot be connected to, which the case will tell. */
  async #keptOf(lane: number): Promise<Dialogue | null> {
    const open = this.#kept[lane];
    if (open?.usable === true) return open;
    open?.drop('fin');
    try {
      return (this.#kept[lane] = await Dialogue.open(this.options.context));
    } catch {
      return (this.#kept[lane] = null);
    }
  }

  async #runCase(fuzzCase: FuzzCase, kept: Dialogue | null): Promise<CaseResult> {
    const { context, controls } = this.options;
    const tools = { context, controls, watch: this.#watch, coverage: this.coverage };
    if (context.capabilities.grantsAnyApplication) return new CaseRun(fuzzCase, tools).run(kept);
    const canReset = controls.reset !== undefined && this.options.exclusive;
    if (canReset) await controls.reset?.();
    const shared = { ...fuzzCase, applications: [WINDOWS, WINDOWS] as const };
    return new CaseRun(shared, { ...tools, count: canReset ? new CaseCount(context.profile) : null }).run(
      kept,
    );
  }

  /** Restarts and set clocks are felt by every connection. */
  async #runAlone(index: number): Promise<void> {
    this.#dropKept();
    this.#remember(index);
    const result = await this.#runCase(this.caseOf(index), null);
    if (result.violations.length > 0 || result.suspicious) await this.#look([{ index, result }]);
  }

  #remember(index: number): void {
    this.#recent.push(index);
    if (this.#recent.length > REMEMBERED) this.#recent.shift();
    this.#sinceReset++;
    this.#cases++;
  }

  async #resetNowAndThen(): Promise<void> {
    const { controls, exclusive } = this.options;
    if (this.#sinceReset < CASES_TO_RESET || !exclusive || controls.reset === undefined) return;
    this.#sinceReset = 0;
    await controls.reset();
  }

  /** What was seen while others ran is confirmed alone, so that nobody else is blamed for it. */
  async #look(incidents: readonly Incident[]): Promise<void> {
    if (incidents.length === 0) return;
    this.#dropKept();
    const { context, random } = this.options;
    const life = violationOfLife(await lifeOf(context, random));
    if (life !== null) return this.#lookAtDeath(life, incidents);
    for (const { index, result } of incidents) {
      const seen = new Map(result.violations.map((found) => [groupOf(found), found]));
      for (const found of seen.values()) await this.#lookAt(found, [index]);
    }
  }

  /** Any case that was under way may have done it; those that met the host's end themselves are asked first. */
  async #lookAtDeath(life: Violation, incidents: readonly Incident[]): Promise<void> {
    const met = incidents.filter(({ result }) => !result.unreachable).map(({ index }) => index);
    try {
      await this.#reproducer.revive();
    } catch (error) {
      // Nobody can be asked any more: what is known goes into the report.
      const finding = this.#unconfirmed(life, met[0] ?? incidents[0]!.index);
      if (this.options.book.add(finding)) await this.options.onFinding(finding);
      throw error;
    }
    const others = [...this.#recent].reverse().filter((index) => !met.includes(index));
    await this.#lookAt(life, [...met, ...others]);
    await this.#reproducer.revive();
  }

  async #lookAt(found: Violation, suspects: readonly number[]): Promise<void> {
    const { book, onFinding, onUnconfirmed } = this.options;
    const likely = suspects.slice(0, this.options.lanes).map((index) => this.caseOf(index));
    const recent = this.#recent.map((index) => this.caseOf(index));
    const known = book.known(found, likely, recent);
    if (known !== null) return void book.add(known);
    const culprit = await this.#culprit(groupOf(found), suspects);
    // On a machine that is busy, a deadline passes now and then: what cannot be shown again is no finding about time.
    if (culprit === null && (found.oracle === 'in-time' || found.oracle === 'released'))
      return onUnconfirmed(found);
    const finding =
      culprit === null ? this.#unconfirmed(found, suspects[0]!) : await this.#shrunk(found, culprit);
    if (book.add(finding)) await onFinding(finding);
  }

  /** The cases that show it alone: one of the suspects, or all that were run lately, in their order. */
  async #culprit(group: string, suspects: readonly number[]): Promise<readonly number[] | null> {
    for (const index of suspects)
      if (await this.#reproducer.shows([this.caseOf(index)], group)) return [index];
    const last = suspects[0]!;
    const before = this.#recent.filter((index) => index !== last);
    const history = [...before, last];
    return (await this.#reproducer.shows(
      history.map((index) => this.caseOf(index)),
      group,
    ))
      ? history
      : null;
  }

  async #shrunk(found: Violation, culprit: readonly number[]): Promise<Finding> {
    const group = groupOf(found);
    const budget = new ShrinkBudget(SHRINK_LIMITS);
    const fails = (cases: readonly FuzzCase[]): Promise<boolean> => this.#reproducer.shows(cases, group);
    const needed = await dropUnneeded(
      culprit,
      (indices) => fails(indices.map((index) => this.caseOf(index))),
      budget,
    );
    const values = needed.map((index) => this.#valueOf(index));
    const simple = await shrinkValues(this.options.arbitrary, values, fails, budget);
    const cases = await simplify(simple, fails, budget);
    const last = culprit.at(-1)!;
    return this.#finding(await this.#confirmed(found, cases), cases, last, culprit);
  }

  /** What the shrunk sequence shows: its numbers are those to tell. */
  async #confirmed(
    found: Violation,
    cases: readonly FuzzCase[],
  ): Promise<Violation & { readonly reproduced: boolean }> {
    let shown = found;
    for (let i = 0; i < CONFIRMATIONS; i++) {
      const again = (await this.#reproducer.violationsOf(cases, true)).find(
        (one) => groupOf(one) === groupOf(found),
      );
      if (again === undefined) return { ...found, reproduced: false };
      shown = again;
    }
    return { ...shown, reproduced: true };
  }

  #unconfirmed(found: Violation, index: number): Finding {
    return this.#finding({ ...found, reproduced: false }, [this.caseOf(index)], index, [index]);
  }

  #finding(
    shown: Violation & { readonly reproduced: boolean },
    cases: readonly FuzzCase[],
    index: number,
    culprit: readonly number[],
  ): Finding {
    const features = [...featuresOf(cases)].sort();
    return {
      id: idOf(shown, features),
      ...shown,
      cases,
      features,
      seed: this.options.seed,
      index,
      requests: requestsOf(cases),
      shrunkFrom: requestsOf(culprit.map((one) => this.caseOf(one))),
    };
  }

  #dropKept(): void {
    for (const [lane, dialogue] of this.#kept.entries()) {
      dialogue?.drop('fin');
      this.#kept[lane] = null;
    }
  }

  close(): void {
    this.#dropKept();
  }
}
