import type { Random } from '../../../support/random';
import type { TargetControls } from '../../../target';
import { type RunContext, WINDOWS } from '../../../cases/conduct/capabilities';
import { type FuzzCase, GOOD_ASK } from '../../../cases/case';
import { afresh } from '../../../cases/afresh';
import { CaseCount } from '../../../cases/judge/case-count';
import { CoverageTable } from '../../../cases/judge/coverage';
import { LeakWatch } from '../../../cases/judge/leak-watch';
import { type Life, checkLiveness } from '../../../cases/conduct/probe';
import { type Revival, revive, USUAL_REVIVAL } from '../../../cases/conduct/revive';
import type { Witnessed } from '../../../cases/conduct/heard';
import type { Patience } from '../../../cases/conduct/patience';
import { runCase } from '../../../cases/conduct/run-case';
import { groupOf, type Violation, violation } from '../../../cases/judge/violation';

/** What depends on segments must show every time, on a host that is busy too. */
const SEGMENT_PAUSE_MS = 5;

export const DEATH = violation(
  'alive',
  'ROB-01',
  'the host dies',
  'a good request is answered',
  'nobody listens',
);
export const HANG = violation(
  'in-time',
  'TIME-01',
  'the host hangs',
  'a good request is answered',
  'silence',
);
export const SLOWNESS = violation(
  'in-time',
  'TIME-01',
  'the host is slow',
  'an answer in time',
  'a late answer',
);

const GROUPS_OF_LIFE = [DEATH, HANG, SLOWNESS].map(groupOf);

export const isOfLife = (found: Pick<Violation, 'oracle' | 'differs'>): boolean =>
  GROUPS_OF_LIFE.includes(groupOf(found));

export const isAboutTime = ({ oracle }: Pick<Violation, 'oracle'>): boolean =>
  oracle === 'in-time' || oracle === 'released';

/** What the state of a host after a case is a violation of, if any. */
export function violationOfLife(life: Life): Violation | null {
  switch (life) {
    case 'answers':
      return null;
    case 'slow':
      return SLOWNESS;
    case 'silent':
      return HANG;
    case 'gone':
      return DEATH;
  }
}

const ADVICE = ': --wait-for-host 10m waits longer for somebody who does';

/** A restart that takes longer is left out between tries. */
const SLOW_RESTART_MS = 100;

export interface ReproduceOptions {
  /** Even where nothing hints at the host's death. */
  readonly looksAtLife?: boolean;
  /** Whether to give up waiting for the host. */
  readonly stopped?: () => boolean;
}

const never = (): boolean => false;

/**
 * Runs cases alone, one after the other, and says what they show. The applications are new each time, so that it does not matter what the
 * host has counted before; the machines are those of the cases.
 */
export class Reproducer {
  #revive = false;
  #isRestartSlow = false;
  #isReturnSlow = false;
  #slowestMs: number | null = null;

  /** @param exclusive nobody else uses the target, so that it may be restarted between tries */
  private readonly context: RunContext;

  constructor(
    context: RunContext,
    private readonly controls: TargetControls,
    private readonly random: Random,
    private readonly exclusive: boolean,
    private readonly revival: Revival = USUAL_REVIVAL,
    /** How long is waited before the last case of several; as long as for the last by default. */
    private readonly patience?: Patience,
  ) {
    const witness = (witnessed: Witnessed): void => {
      context.witness?.(witnessed);
      const { heard, tookMs } = witnessed;
      if (heard.kind !== 'timeout') this.#slowestMs = Math.max(this.#slowestMs ?? 0, tookMs);
    };
    this.context = { ...context, witness, segmentPauseMs: SEGMENT_PAUSE_MS };
  }

  /** What the slowest reaction took since this was asked last, in ms; null where there was none. */
  takeSlowestMs(): number | null {
    const slowestMs = this.#slowestMs;
    this.#slowestMs = null;
    return slowestMs;
  }

  /** The host took long to come back, and nothing but a person brings it back. */
  get isReturnSlow(): boolean {
    return this.#isReturnSlow;
  }

  /** For what is no part of the cases: who reads the evidence sees what was sent, and not who looked whether the host lives. */
  get #unobserved(): RunContext {
    return { ...this.context, observer: undefined };
  }

  /** All that went wrong, the host's death or silence included. */
  async violationsOf(
    cases: readonly FuzzCase[],
    { looksAtLife = false, stopped = never }: ReproduceOptions = {},
  ): Promise<readonly Violation[]> {
    await this.#makeReady(stopped);
    const { countsApplicationsApart } = this.context.capabilities;
    if (!countsApplicationsApart) await this.controls.reset?.();
    const shared = countsApplicationsApart
      ? undefined
      : new CaseCount(
          this.context.profile,
          this.controls.reset === undefined ? 'what it was found with' : 'nothing',
        );
    const tools = {
      context: this.context,
      controls: this.controls,
      watch: new LeakWatch(),
      coverage: new CoverageTable(),
    };
    const found: Violation[] = [];
    let suspicious = false;
    // Of a table that is as it is found, the first answer tells the count, before it is looked at.
    const isFound = shared !== undefined && this.controls.reset === undefined;
    if (isFound) await runCase(this.#learning(), { ...tools, context: this.#unobserved, count: shared });
    const all = afresh(cases, this.random, countsApplicationsApart);
    for (const [at, one] of all.entries()) {
      // What goes before the last leads to it: of that, silence is not waited out, and tells nothing of time.
      const isBefore = at < all.length - 1 && this.patience !== undefined;
      const context = isBefore ? { ...this.context, patience: this.patience } : this.context;
      const result = await runCase(one, {
        ...tools,
        context,
        ...(shared === undefined ? {} : { count: shared }),
      });
      found.push(...result.violations.filter((each) => !isBefore || !isAboutTime(each)));
      suspicious ||= result.suspicious || result.unreachable;
      if (result.unreachable || stopped()) break;
    }
    if (!suspicious && !looksAtLife) return found;
    const life = violationOfLife(await checkLiveness(this.#unobserved, this.random, 1));
    if (life === null) return found;
    this.#revive = life !== SLOWNESS;
    // What a dead host did not answer is no finding of its own.
    return [life];
  }

  async shows(cases: readonly FuzzCase[], group: string, stopped = never): Promise<boolean> {
    const looksAtLife = GROUPS_OF_LIFE.includes(group);
    const violations = await this.violationsOf(cases, { looksAtLife, stopped });
    return violations.some((found) => groupOf(found) === group);
  }

  #learning(): FuzzCase {
    const identity = { applications: [WINDOWS, WINDOWS] as const, machines: [this.random.guid()] };
    return { level: 'sequence', ...identity, canary: this.random.uint32(), steps: [GOOD_ASK] };
  }

  /** A host that is quickly restarted is, so that no try leaves anything to the next. */
  async #makeReady(stopped: () => boolean): Promise<void> {
    if (this.#revive) return this.revive(stopped);
    if (!this.exclusive || this.controls.restart === undefined || this.#isRestartSlow) return;
    const startedAt = performance.now();
    await this.controls.restart();
    this.#isRestartSlow = performance.now() - startedAt > SLOW_RESTART_MS;
  }

  /**
   * Brings the host back by its control, or waits for somebody else to.
   * @throws TargetDied where it does not come back
   */
  async revive(stopped = never): Promise<void> {
    const { controls, random, revival } = this;
    const patient = { context: this.#unobserved, controls, random, advice: ADVICE };
    const tookMs = await revive(patient, revival, stopped);
    this.#isReturnSlow ||= controls.restart === undefined && tookMs > revival.quickMs;
    this.#revive = false;
  }
}
