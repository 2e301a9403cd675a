import type { ConnectionObserver } from '../../client';
import { EvidenceRecorder } from '../../client/evidence';
import { countMoves, hasRoom } from './count-movement';
import { canEmpty, establishPrecondition } from './precondition';
import type { Liveness } from './host/liveness';
import { NotGranted } from './host/reply';
import { RequestDriver } from './host/request-driver';
import { type Capabilities, unmetNeed } from './needs';
import type { Scenario } from './scenario';
import { outcomeOfError, passed, type ScenarioOutcome, unchecked } from './scenario-outcome';
import type { Session } from './session';
import { estimateMs } from './time-plan';
import { HostFailure } from '../../client';

/** How often a failure is tried again on a host that others may use. */
const TRIES = 3;

/** How long a count is watched for others who move it, by how long the scenario took. */
const WATCH_FACTOR = 10;
const LEAST_WATCH_MS = 2000;
const MOST_WATCH_MS = 10_000;
/** Where it has just stood still for so long, a glance is enough for a while. */
const TRUSTED_FOR_MS = 30_000;

/** What a scenario may take beyond its answers' deadlines; behind it, it is given up. */
const LIMIT_MS = 120_000;
const SLOW_LIMIT_MS = 1_800_000;
/** How many times its estimate it may take beside. */
const LIMIT_FACTOR = 2;

/** Runs scenarios of a session, one call each, and judges what came of them. */
export class ScenarioRunner {
  readonly #capabilities: Capabilities;

  constructor(
    private readonly session: Session,
    private readonly liveness: Liveness,
  ) {
    this.#capabilities = capabilitiesOf(session);
  }

  /** Runs a scenario until it is done or `signal` ends it; never rejects. */
  async run(scenario: Scenario, signal: AbortSignal): Promise<ScenarioOutcome> {
    const lacking = unmetNeed(scenario.needs, this.#capabilities);
    if (lacking !== undefined) return unchecked('untestable', lacking);
    if (scenario.needs.parallel === true || canEmpty(this.session)) return this.#tryOnce(scenario, 1, signal);
    return this.#runOnSharedHost(scenario, signal);
  }

  /** On a host that others may use, a failure counts only if it comes again while the count stands still. */
  async #runOnSharedHost(scenario: Scenario, signal: AbortSignal): Promise<ScenarioOutcome> {
    const failures: ScenarioOutcome[] = [];
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const outcome = await this.#tryOnce(scenario, attempt, signal);
      if (outcome.outcome !== 'failed' && failures.length === 0) return outcome;
      // Nobody who asks the host can make it count more than it has places for.
      if (outcome.beyondCapacity === true && failures.length === 0) return outcome;
      const isAgain = outcome.outcome === 'failed' && outcome.beyondCapacity !== true;
      if (!isAgain) return this.#notAgain(failures, outcome, signal);
      failures.push(outcome);
      if (!(await this.liveness.ask())) return outcome;
      // On the journey there is no second time, and all that was asked is known.
      if (this.session.onJourney && (await this.#hasRoom(signal))) return this.#unlessOthers(outcome, signal);
      if (await this.#moved(signal)) return movedOutcome(outcome);
    }
    const [first] = failures as [ScenarioOutcome];
    const same = failures.every((failure) => failureSignature(failure) === failureSignature(first));
    return same ? failures.at(-1)! : this.#unlessOthers(first, signal);
  }

  /**
   * A failure, unless the count moves while nobody of this run asks: it is watched for longer than the scenario took. In a full cache
   * others would not show.
   */
  async #unlessOthers(failure: ScenarioOutcome, signal: AbortSignal): Promise<ScenarioOutcome> {
    if (this.session.othersAsk) return movedOutcome(failure);
    if (!(await this.#hasRoom(signal))) {
      const reason = `the cache is full, so that it cannot be seen whether others use the host (${failure.message})`;
      return unchecked('inconclusive', reason, failure.durationMs);
    }
    const watchMs = Math.min(Math.max(LEAST_WATCH_MS, WATCH_FACTOR * failure.durationMs), MOST_WATCH_MS);
    const { stoodStillAt } = this.session;
    const isTrusted = stoodStillAt !== null && performance.now() - stoodStillAt < TRUSTED_FOR_MS;
    return (await this.#moved(signal, isTrusted ? 0 : watchMs)) ? movedOutcome(failure) : failure;
  }

  /** Whether others who ask would show in the count. */
  #hasRoom(signal: AbortSignal): Promise<boolean> {
    return this.#ask(signal, async (host) => {
      const { count } = await host.activate(this.session.regular);
      return hasRoom(count);
    });
  }

  /**
   * A failure that did not come again. What the run itself added to the host may be why the scenario cannot be tried again: then the
   * count is watched for longer than the scenario took, and only one that moves by itself takes the failure away.
   */
  async #notAgain(
    failures: readonly ScenarioOutcome[],
    second: ScenarioOutcome,
    signal: AbortSignal,
  ): Promise<ScenarioOutcome> {
    const [first] = failures as [ScenarioOutcome];
    if (second.outcome === 'passed') {
      const reason = `it failed, and held when it was tried again (${first.message})`;
      return unchecked('inconclusive', reason, first.durationMs);
    }
    return this.#unlessOthers(first, signal);
  }

  async #moved(signal: AbortSignal, forMs = 0): Promise<boolean> {
    const moves = await this.#ask(signal, (host) => countMoves(this.session, host, forMs));
    if (moves) this.session.sawOthers();
    return moves;
  }

  /** @returns false where the host does not answer as it must */
  async #ask(signal: AbortSignal, question: (host: RequestDriver) => Promise<boolean>): Promise<boolean> {
    const host = this.#host('movement', new EvidenceRecorder(), signal);
    try {
      return await question(host);
    } catch (error) {
      if (error instanceof HostFailure || error instanceof NotGranted) return false;
      throw error;
    } finally {
      await host.client.close();
    }
  }

  async #tryOnce(scenario: Scenario, attempt: number, life: AbortSignal): Promise<ScenarioOutcome> {
    const evidence = new EvidenceRecorder();
    const notes: string[] = [];
    const limit = AbortSignal.timeout(limitOf(scenario, this.session));
    const signal = AbortSignal.any([life, limit]);
    const { id } = scenario.entry;
    const observer = this.session.options.scenarioObserver?.(id);
    const host = this.#host(`${id}/${attempt}`, evidence, signal, observer);
    const startedAt = performance.now();
    let foundCount = 0;
    const observed = () => ({
      notes,
      durationMs: performance.now() - startedAt,
      evidence: () => evidence.evidence(),
      foundCount,
      owesAnswer: evidence.owesAnswer,
      lastSent: host.lastSent,
      limits: this.session.limits.met,
    });
    try {
      if (scenario.needs.parallel !== true) await establishPrecondition(this.session, scenario.needs, host);
      foundCount = host.count;
      if (foundCount > 0)
        notes.push(`checked from the ${foundCount} machines on that the host counted before`);
      await scenario.body({ driver: host, note: noteIn(notes) });
      return passed(observed());
    } catch (error) {
      if (life.aborted) return unchecked('not-run', 'the run ended before it was done');
      if (limit.aborted)
        return unchecked('inconclusive', 'it took too long and was given up', observed().durationMs);
      return outcomeOfError(scenario, error, observed());
    } finally {
      await host.client.close();
    }
  }

  #host(
    label: string,
    evidence: EvidenceRecorder,
    signal: AbortSignal,
    observer?: ConnectionObserver,
  ): RequestDriver {
    const random = this.session.random(label);
    return new RequestDriver(this.session, random, this.liveness, evidence, signal, observer);
  }
}

function limitOf(scenario: Scenario, { pace }: Session): number {
  if (scenario.entry.slow === true) return SLOW_LIMIT_MS;
  return Math.min(SLOW_LIMIT_MS, LIMIT_MS + Math.ceil(LIMIT_FACTOR * estimateMs(scenario, pace)));
}

/** Keeps each note once. */
const noteIn =
  (notes: string[]) =>
  (text: string): void => {
    if (!notes.includes(text)) notes.push(text);
  };

function movedOutcome({ message = '', durationMs }: ScenarioOutcome): ScenarioOutcome {
  return unchecked(
    'inconclusive',
    `the count moved without this run: others use the host (${message})`,
    durationMs,
  );
}

/** What two failures must share to be the same: their class, whatever the counts, and how far the count was off. */
function failureSignature({ failureClass, expected, received }: ScenarioOutcome): string {
  return `${failureClass?.replace(/\b\d+\b/g, 'N')} ${Number(received) - Number(expected)}`;
}

function capabilitiesOf({ options }: Session): Capabilities {
  const { target, domains, budgets } = options;
  const { controls, mac, keyGroup } = target;
  return {
    clock: controls.advanceClock !== undefined,
    restart: controls.restart !== undefined,
    reset: controls.reset !== undefined,
    observe: controls.observe !== undefined,
    macKey: mac !== undefined,
    keyGroup: keyGroup !== undefined || options.grantsAny === true,
    domain: (domains?.length ?? 0) > 0,
    latencyBudget: budgets?.p99Ms !== undefined && budgets.rate !== undefined,
    idleBudget: budgets?.idleCloseSeconds !== undefined,
  };
}
