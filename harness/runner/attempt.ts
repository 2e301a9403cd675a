import type { Ending, Evidence } from '../../reports/model';
import { HRESULT } from '../../protocol';
import { HostFailure } from '../client';
import type { Random } from '../random';
import { EvidenceRecorder } from './evidence';
import { canEmpty, isNoHost, mayBeDead } from './ground';
import { HostUnderTest, type RequestChanges } from './host/host-under-test';
import { Liveness } from './host/liveness';
import { type Machine, type MachineKind, office, server } from './host/machines';
import { looksAtCount } from './needs';
import { observers } from './host/observers';
import { planRun } from './plan';
import { candidatesFor } from './host/product-choice';
import type { Scenario } from './registry';
import type { Reply } from './host/reply';
import { OTHER_APPLICATION } from '../reset-check';
import { sessionResetProblem } from './reset-check';
import { ScenarioRunner } from './scenario-runner';
import { outcomeOfError, type ScenarioOutcome, unchecked } from './scenario-outcome';
import { Session, type SessionOptions } from './session';

/** Good requests at the beginning of which one must be answered. */
const OPENINGS = 2;
/** Scenarios that run beside one another. */
const SIDE_BY_SIDE = 16;

export interface AttemptOptions {
  readonly session: SessionOptions;
  /** Draws the order; null for the order of the files. */
  readonly shuffle: Random | null;
  onOutcome(scenario: Scenario, outcome: ScenarioOutcome): void;
}

export interface AttemptEnding {
  readonly ended: Ending;
  readonly message?: string;
}

/**
 * One pass over scenarios: a good request, the scenarios, a good request. Where the host dies on the way, what is left is
 * not-run. Every scenario is told an outcome exactly once.
 */
export class Attempt {
  readonly #session: Session;
  readonly #liveness: Liveness;
  readonly #abort = new AbortController();
  readonly #runner: ScenarioRunner;
  /** Why the host is taken for dead; null while it is not. */
  #died: string | null = null;

  constructor(private readonly options: AttemptOptions) {
    const { signal, timeoutMs } = options.session;
    this.#session = new Session(options.session);
    this.#liveness = new Liveness(() => this.#answers({ applicationId: OTHER_APPLICATION }), timeoutMs);
    this.#runner = new ScenarioRunner(
      this.#session,
      this.#liveness,
      AbortSignal.any([signal, this.#abort.signal]),
    );
  }

  async run(scenarios: readonly Scenario[]): Promise<AttemptEnding> {
    const opening = await this.#open();
    if (opening.state === 'unreachable') return this.#unreachable(scenarios, opening);
    if (opening.failure === null) await this.#checkReset(scenarios);
    await this.#checkRestart(scenarios);
    const plan = planRun(scenarios, canEmpty(this.#session), this.options.shuffle);
    const together = () => this.#runSome(plan.sideBySide, SIDE_BY_SIDE);
    const inTurn = () => this.#runInTurn(plan.inTurn, opening);
    for (const phase of plan.first === 'sideBySide' ? [together, inTurn] : [inTurn, together]) await phase();
    return this.#close();
  }

  #unreachable(scenarios: readonly Scenario[], { failure, evidence }: Opening): AttemptEnding {
    const { message } = failure!;
    const silent = failure!.kind === 'timed-out' && failure!.stage === 'answer';
    for (const scenario of scenarios) {
      if (silent && scenario.needs.failsOnSilence === true) {
        const observed = { notes: [], durationMs: 0, evidence: () => evidence, lastSent: 'a good request' };
        this.options.onOutcome(scenario, outcomeOfError(scenario, failure, observed));
      } else {
        this.#notRun(scenario, `the host could not be reached: ${message}`);
      }
    }
    return { ended: 'target-unreachable', message };
  }

  /** What goes by the count cannot be judged on a host that does not answer a good request. */
  async #runInTurn(scenarios: readonly Scenario[], { failure }: Opening): Promise<void> {
    if (failure === null) return this.#runSome(scenarios, 1);
    for (const scenario of scenarios) {
      const reason = `the host does not answer a good request as it must: ${failure.message}`;
      this.options.onOutcome(scenario, unchecked('inconclusive', reason));
    }
  }

  /** The good request at the beginning. */
  async #open(): Promise<Opening> {
    for (let attempt = 1; ; attempt++) {
      const heard = new EvidenceRecorder();
      const failure = await this.#openOnce(heard);
      if (failure === null) return { state: 'answers', failure, evidence: [] };
      const evidence = heard.evidence();
      if (isNoHost(failure) || mayBeDead(failure, heard)) return { state: 'unreachable', failure, evidence };
      if (attempt === OPENINGS || failure.kind === 'timed-out')
        return { state: 'answers', failure, evidence };
    }
  }

  /** @returns how the host failed, null where it answered */
  async #openOnce(heard: EvidenceRecorder): Promise<HostFailure | null> {
    const host = this.#host(heard);
    try {
      const first = await this.#choose(host, 'client', this.#session.regular);
      if (first !== null && this.#refusesUnsigned(first)) return null;
      if (first === null || this.options.session.target.keyGroup === undefined) {
        await this.#choose(host, 'server', server());
      }
      if (!this.#session.grants('client') && !this.#session.grants('server')) {
        await this.#choose(host, 'office', office());
      }
      return null;
    } catch (error) {
      if (error instanceof HostFailure) return error;
      throw error;
    } finally {
      await host.client.close();
    }
  }

  /** A host may well refuse what is not signed, so that without its key nothing can be said of what it grants. */
  #refusesUnsigned(first: Reply): boolean {
    if (this.options.session.target.mac !== undefined) return false;
    if (first.kind !== 'refused' || first.status !== HRESULT.invalidData) return false;
    this.#session.grantsNothing =
      'the host takes requests that are not signed for invalid: give the key of its MAC with --mac-key FILE';
    return true;
  }

  /** Finds a product of that kind that the host grants, since which it does depends on its key. */
  async #choose(host: HostUnderTest, kind: MachineKind, machine: Machine): Promise<Reply | null> {
    const candidates = candidatesFor(kind, this.options.session.target.keyGroup);
    let reply: Reply | null = null;
    for (const candidate of candidates) {
      this.#session.chooseProduct(kind, candidate);
      const { applicationId, kmsCountedId, requiredClientCount, skus } = candidate;
      const asked = { applicationId, kmsCountedId, requiredClientCount, skuId: skus[0].skuId };
      reply = await host.ask(machine, asked);
      if (reply.kind === 'granted') this.#session.openingCount ??= reply.count;
      if (reply.kind !== 'refused' || reply.status !== HRESULT.productNotOffered) return reply;
    }
    this.#session.chooseProduct(kind, null);
    return reply;
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
      this.#session.ledger.forget();
      this.#session.restartEmpties = (await host.activate(this.#session.regular)).count === 1;
    } catch {
      this.#session.restartEmpties = false;
    } finally {
      await host.client.close();
    }
  }

  async #runSome(scenarios: readonly Scenario[], atOnce: number): Promise<void> {
    const waiting = [...scenarios];
    const work = async (): Promise<void> => {
      for (let scenario = waiting.shift(); scenario !== undefined; scenario = waiting.shift()) {
        await this.#runOne(scenario);
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, waiting.length) }, work));
  }

  async #runOne(scenario: Scenario): Promise<void> {
    if (this.#died !== null) return this.#notRun(scenario, `the host died before: ${this.#died}`);
    if (this.options.session.signal.aborted) return this.#notRun(scenario, 'the run was interrupted');
    const outcome = await this.#runner.run(scenario);
    const suspect = outcome.outcome === 'failed' || outcome.controlFailed === true;
    if (!suspect || (await this.#liveness.ask())) return this.options.onOutcome(scenario, outcome);
    this.#died ??= `it stopped answering during ${scenario.entry.id}`;
    this.#abort.abort();
    this.options.onOutcome(scenario, ofDeadHost(outcome));
  }

  #notRun(scenario: Scenario, reason: string): void {
    this.options.onOutcome(scenario, unchecked('not-run', reason));
  }

  /** The good request at the end. */
  async #close(): Promise<AttemptEnding> {
    if (this.options.session.signal.aborted) return { ended: 'interrupted' };
    if (this.#died === null && !(await this.#answers({}))) {
      this.#died = 'it did not answer the good request at the end of the run';
    }
    return this.#died === null ? { ended: 'complete' } : { ended: 'target-died', message: this.#died };
  }

  /** Whether the host answers a request of the run's own client, whatever it answers. */
  async #answers(changes: RequestChanges): Promise<boolean> {
    const heard = new EvidenceRecorder();
    const host = this.#host(heard);
    try {
      await host.client.activate(host.requestOf(this.#session.regular, changes));
      return true;
    } catch (error) {
      return !mayBeDead(error, heard);
    } finally {
      await host.client.close();
    }
  }

  #host(heard: EvidenceRecorder = new EvidenceRecorder(), label = 'own'): HostUnderTest {
    const { observer, signal } = this.options.session;
    const random = this.#session.random(label);
    return new HostUnderTest(this.#session, random, this.#liveness, observers(heard, observer), signal);
  }
}

/** A failed control is the host's failure where the host is dead. */
function ofDeadHost({ reason, ...outcome }: ScenarioOutcome): ScenarioOutcome {
  const { message = `the host answers no request any more, and ${reason}` } = outcome;
  return { ...outcome, outcome: 'failed', message: `${message}; the host died meanwhile` };
}

/** How the host took the good request at the beginning. */
interface Opening {
  readonly state: 'answers' | 'unreachable';
  /** How it failed, whether it is alive or not; null where it answered. */
  readonly failure: HostFailure | null;
  readonly evidence: readonly Evidence[];
}
