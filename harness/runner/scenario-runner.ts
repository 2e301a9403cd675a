import { Deviation } from './verdict';
import type { ScenarioContext } from './context';
import { EvidenceRecorder } from './evidence';
import { canEmpty, countMoves, prepareGround } from './ground';
import { HostUnderTest } from './host/host-under-test';
import type { Liveness } from './host/liveness';
import { type Gifts, unmetNeed } from './needs';
import { observers } from './host/observers';
import type { Scenario } from './registry';
import { outcomeOfError, passed, type ScenarioOutcome, unchecked } from './scenario-outcome';
import type { Session } from './session';
import { HostFailure } from '../client';

/** How often a failure is tried again on a host that others may use. */
const TRIES = 3;

/** What a scenario may take beyond its answers' deadlines; behind it, it is given up. */
const LIMIT_MS = 120_000;
const SLOW_LIMIT_MS = 1_800_000;

/** Runs scenarios of a session, one call each, and judges what came of them. */
export class ScenarioRunner {
  readonly #gifts: Gifts;

  constructor(
    private readonly session: Session,
    private readonly liveness: Liveness,
    private readonly signal: AbortSignal,
  ) {
    this.#gifts = giftsOf(session);
  }

  /** Runs a scenario; never rejects. */
  async run(scenario: Scenario): Promise<ScenarioOutcome> {
    const lacking = unmetNeed(scenario.needs, this.#gifts);
    if (lacking !== undefined) return unchecked('untestable', lacking);
    if (scenario.needs.sideBySide === true || canEmpty(this.session)) return this.#tryOnce(scenario, 1);
    return this.#runOnSharedHost(scenario);
  }

  /** On a host that others may use, a failure counts only if it comes again while the count stands still. */
  async #runOnSharedHost(scenario: Scenario): Promise<ScenarioOutcome> {
    const failures: ScenarioOutcome[] = [];
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const outcome = await this.#tryOnce(scenario, attempt);
      if (outcome.outcome !== 'failed' && failures.length === 0) return outcome;
      if (outcome.outcome !== 'failed') break;
      failures.push(outcome);
      if (!(await this.liveness.ask())) return outcome;
      if (await this.#moved()) return movedOutcome(outcome);
    }
    const [first] = failures;
    const same = failures.every((failure) => sign(failure) === sign(first!));
    return failures.length > 1 && same ? failures.at(-1)! : movedOutcome(first!);
  }

  async #moved(): Promise<boolean> {
    const host = this.#host('movement', new EvidenceRecorder(), this.signal);
    try {
      return await countMoves(this.session, host);
    } catch (error) {
      if (error instanceof HostFailure || error instanceof Deviation) return false;
      throw error;
    } finally {
      await host.client.close();
    }
  }

  async #tryOnce(scenario: Scenario, attempt: number): Promise<ScenarioOutcome> {
    const evidence = new EvidenceRecorder();
    const notes: string[] = [];
    const limit = AbortSignal.timeout(scenario.entry.slow === true ? SLOW_LIMIT_MS : LIMIT_MS);
    const signal = AbortSignal.any([this.signal, limit]);
    const host = this.#host(`${scenario.entry.id}/${attempt}`, evidence, signal);
    const startedAt = performance.now();
    let foundCount = 0;
    const observed = () => ({
      notes,
      durationMs: performance.now() - startedAt,
      evidence: () => evidence.evidence(),
      foundCount,
      lastSent: host.lastSent,
    });
    try {
      if (scenario.needs.sideBySide !== true) await prepareGround(this.session, scenario.needs, host);
      foundCount = host.count;
      if (foundCount > 0)
        notes.push(`checked from the ${foundCount} machines on that the host counted before`);
      await scenario.body(this.#context(host, notes));
      return passed(observed());
    } catch (error) {
      if (this.signal.aborted) return unchecked('not-run', 'the run ended before it was done');
      if (limit.aborted)
        return unchecked('inconclusive', 'it took too long and was given up', observed().durationMs);
      return outcomeOfError(scenario, error, observed());
    } finally {
      await host.client.close();
    }
  }

  #host(label: string, evidence: EvidenceRecorder, signal: AbortSignal): HostUnderTest {
    const observer = observers(evidence, this.session.options.observer);
    return new HostUnderTest(this.session, this.session.random(label), this.liveness, observer, signal);
  }

  #context(host: HostUnderTest, notes: string[]): ScenarioContext {
    const { target, budgets = {}, intervals = {}, grantsAny = false } = this.session.options;
    const { profile, keyGroup, mac } = target;
    const note = (text: string): void => {
      if (!notes.includes(text)) notes.push(text);
    };
    const { domains } = this.session;
    return { host, profile, keyGroup, grantsAny, domains, budgets, intervals, mac, note };
  }
}

function movedOutcome({ message = '', durationMs }: ScenarioOutcome): ScenarioOutcome {
  return unchecked(
    'inconclusive',
    `the count moved without this run: others use the host (${message})`,
    durationMs,
  );
}

/** What two failures must share to be the same: their class, whatever the counts, and how far the count was off. */
function sign({ failureClass, expected, received }: ScenarioOutcome): string {
  return `${failureClass?.replace(/\b\d+\b/g, 'N')} ${Number(received) - Number(expected)}`;
}

function giftsOf({ options }: Session): Gifts {
  const { target, domains, budgets } = options;
  const { controls, mac, keyGroup } = target;
  return {
    clock: controls.advanceClock !== undefined,
    restart: controls.restart !== undefined,
    reset: controls.reset !== undefined,
    macKey: mac !== undefined,
    keyGroup: keyGroup !== undefined || options.grantsAny === true,
    domain: (domains?.length ?? 0) > 0,
    latencyBudget: budgets?.p99Ms !== undefined && budgets.rate !== undefined,
    idleBudget: budgets?.idleCloseSeconds !== undefined,
  };
}
