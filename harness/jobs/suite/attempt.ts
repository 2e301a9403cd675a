import type { Ending } from '../../../reports/results/model';
import type { Random } from '../../support/random';
import { EvidenceRecorder } from '../../client/evidence';
import { Lives } from './lives';
import { type Opening, OpeningRequests } from './opening';
import { canEmpty, mayBeDead } from './precondition';
import { countedRequest } from '../../model/counting-model';
import { Liveness } from './host/liveness';
import { looksAtCount, readsJourney } from './needs';
import { type Ground, type Plan, planRun } from './plan';
import { type RequestChanges, RequestDriver } from './host/request-driver';
import type { Scenario } from './scenario';
import { OTHER_APPLICATION } from '../../target/reset-check';
import { sessionResetProblem } from './session-reset';
import { ScenarioQueue } from './scenario-queue';
import { ScenarioRunner } from './scenario-runner';
import { outcomeOfError, type ScenarioOutcome, unchecked } from './scenario-outcome';
import { Session, type SessionOptions } from './session';
import { measurePace } from './session-pace';
import { briefestFirst, keptFor, TimePlan } from './time-plan';

const isParallel = ({ needs }: Scenario): boolean => needs.parallel === true;

/** Scenarios that run beside one another. */
const SIDE_BY_SIDE = 16;

export interface AttemptOptions {
  readonly session: SessionOptions;
  /** Draws the order; null for the order of the files. */
  readonly shuffle: Random | null;
  /** True of those that are run however long they take. */
  readonly mayTakeLong: (scenario: Scenario) => boolean;
  onOutcome(scenario: Scenario, outcome: ScenarioOutcome): void;
}

export interface AttemptEnding {
  readonly ended: Ending;
  readonly message?: string;
  /** Ids of the scenarios that the host died of. */
  readonly diedIn: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * One pass over scenarios: a good request, the scenarios, a good request. Where the host dies on the way it is restarted, and what
 * is left is not-run where that cannot be done. Every scenario is told an outcome exactly once.
 */
export class Attempt {
  readonly #session: Session;
  readonly #liveness: Liveness;
  readonly #lives: Lives;
  readonly #queue: ScenarioQueue;
  #timePlan: TimePlan | null = null;

  constructor(private readonly options: AttemptOptions) {
    const { timeoutMs } = options.session;
    this.#session = new Session(options.session);
    this.#liveness = new Liveness(
      () => this.#isAlive(),
      timeoutMs,
      () => this.#session.pace.slowestMs,
    );
    this.#lives = new Lives(this.#session, this.#liveness);
    this.#queue = new ScenarioQueue({
      runner: new ScenarioRunner(this.#session, this.#liveness),
      lives: this.#lives,
      liveness: this.#liveness,
      signal: options.session.signal,
      leavesOut: (scenario) => this.#timePlan?.leavesOut(scenario) ?? null,
      onOutcome: (scenario, outcome) => options.onOutcome(scenario, outcome),
    });
  }

  async run(scenarios: readonly Scenario[]): Promise<AttemptEnding> {
    const looksAtJourney = scenarios.some(({ needs }) => readsJourney(needs));
    const requests = new OpeningRequests(this.#session, (heard) => this.#host(heard), looksAtJourney);
    const opening = await requests.run();
    if (opening.state === 'unreachable') return this.#unreachable(scenarios, opening);
    if (opening.failure === null) await this.#checkReset(scenarios);
    await this.#checkRestart(scenarios);
    if (opening.failure === null) await measurePace(this.#session, this.#host());
    const { pace } = this.#session;
    this.#timePlan = new TimePlan(pace, this.options.mayTakeLong, this.options.session.timeoutMs);
    const plan = planRun(briefestFirst(scenarios, pace), this.#ground, this.options.shuffle);
    if (plan.first === 'serial') this.#timePlan.keptMs = keptFor(plan.parallel, pace);
    const parallel = () => this.#runSideBySide(plan);
    const serial = () => this.#runSerial(plan, requests, opening);
    for (const phase of plan.first === 'parallel' ? [parallel, serial] : [serial, parallel]) await phase();
    await this.#queue.run(plan.last.filter(isParallel), 1);
    await this.#runInTurn(
      plan.last.filter((scenario) => !isParallel(scenario)),
      opening,
    );
    return this.#close();
  }

  async #runSideBySide({ parallel }: Plan): Promise<void> {
    const { pace } = this.#session;
    this.#timePlan!.keptMs = 0;
    pace.sideBySide = Math.min(SIDE_BY_SIDE, pace.atOnce);
    await this.#queue.run(parallel, pace.sideBySide);
    pace.sideBySide = 1;
  }

  get #ground(): Ground {
    if (canEmpty(this.#session)) return 'emptied';
    return this.#session.onJourney ? 'journey' : 'as-found';
  }

  /** On the journey, the run's own client asks before the first scenario that goes by the count it finds. */
  async #runSerial(plan: Plan, requests: OpeningRequests, opening: Opening): Promise<void> {
    const { onJourney } = this.#session;
    const first = plan.serial.findIndex(({ needs }) => !onJourney || !readsJourney(needs));
    const at = first === -1 ? plan.serial.length : first;
    await this.#runInTurn(plan.serial.slice(0, at), opening);
    await requests.afterTenPlaces();
    await this.#runInTurn(plan.serial.slice(at), opening);
    this.#session.leaveJourney();
  }

  #unreachable(scenarios: readonly Scenario[], { failure, evidence }: Opening): AttemptEnding {
    const { message } = failure!;
    const silent = failure!.kind === 'timed-out' && failure!.stage === 'answer';
    for (const scenario of scenarios) {
      if (silent && scenario.needs.failsOnSilence === true) {
        const { met } = this.#session.limits;
        const observed = {
          ...{ notes: [], durationMs: 0, evidence: () => evidence },
          ...{ lastSent: 'a good request', limits: met },
        };
        this.options.onOutcome(scenario, outcomeOfError(scenario, failure, observed));
      } else {
        this.#notRun(scenario, `the host could not be reached: ${message}`);
      }
    }
    return { ended: 'target-unreachable', message, diedIn: [], warnings: [] };
  }

  /** What goes by the count cannot be judged on a host that does not answer a good request. */
  async #runInTurn(scenarios: readonly Scenario[], { failure }: Opening): Promise<void> {
    // An interruption during the good request is none of the host's: the queue tells it.
    if (failure === null || this.options.session.signal.aborted) return this.#queue.run(scenarios, 1);
    for (const scenario of scenarios) {
      const reason = `the host does not answer a good request as it must: ${failure.message}`;
      this.options.onOutcome(scenario, unchecked('inconclusive', reason));
    }
  }

  /** Sees once whether a reset by a command that the user gave empties the host. */
  async #checkReset(scenarios: readonly Scenario[]): Promise<void> {
    const { target } = this.options.session;
    if (target.embedded || target.controls.reset === undefined) return;
    if (this.#session.grantsNothing !== null || !scenarios.some(({ needs }) => looksAtCount(needs))) return;
    const host = this.#host(undefined, 'reset');
    try {
      const problem = await sessionResetProblem(this.#session, host);
      if (problem !== null) this.#session.distrustReset(problem);
    } finally {
      await host.client.close();
    }
  }

  /** Where nothing but a restart could empty the host, sees whether it does. */
  async #checkRestart(scenarios: readonly Scenario[]): Promise<void> {
    const { restart } = this.options.session.target.controls;
    const { profile } = this.options.session.target;
    if (canEmpty(this.#session) || restart === undefined || profile.countSurvivesRestart) return;
    if (!scenarios.some(({ needs }) => needs.fresh === true || needs.countAtMost !== undefined)) return;
    const host = this.#host();
    try {
      await restart();
      this.#session.possibleStates.forget();
      this.#session.restartEmpties = (await host.activate(this.#session.regular)).count === 1;
    } catch {
      this.#session.restartEmpties = false;
    } finally {
      await host.client.close();
    }
  }

  #notRun(scenario: Scenario, reason: string): void {
    this.options.onOutcome(scenario, unchecked('not-run', reason));
  }

  /** The good request at the end. */
  async #close(): Promise<AttemptEnding> {
    const { diedIn, warnings } = this.#queue;
    const told = { diedIn, warnings };
    if (this.options.session.signal.aborted) return { ...told, ended: 'interrupted' };
    const { died } = this.#lives;
    if (died !== null) return { ...told, ended: 'target-died', message: died };
    if (await this.#answers({})) return { ...told, ended: 'complete' };
    const message = 'it did not answer the good request at the end of the run';
    return { ...told, ended: 'target-died', message };
  }

  /**
   * Whether the host answers beside what it is asked, in an application of its own. On the journey by a machine that it has seen: there
   * are hosts that have one table for all.
   */
  #isAlive(): Promise<boolean> {
    const { onJourney, possibleStates, regular, firstServer } = this.#session;
    const asking = onJourney && !this.#session.hasChosen('client') ? firstServer : regular;
    if (onJourney) possibleStates.recordUncertain(countedRequest(this.#host().requestOf(asking, {})));
    return this.#answers({ applicationId: OTHER_APPLICATION }, asking);
  }

  /** Whether the host answers a request of the run's own client, whatever it answers. */
  async #answers(changes: RequestChanges, asking = this.#session.regular): Promise<boolean> {
    const heard = new EvidenceRecorder();
    const host = this.#host(heard);
    this.#session.requestsBeside++;
    try {
      await host.client.activate(host.requestOf(asking, changes));
      return true;
    } catch (error) {
      return !mayBeDead(error, heard);
    } finally {
      await host.client.close();
    }
  }

  #host(heard: EvidenceRecorder = new EvidenceRecorder(), label = 'own'): RequestDriver {
    const { signal } = this.options.session;
    return new RequestDriver(this.#session, this.#session.random(label), this.#liveness, heard, signal);
  }
}
