import type { Liveness } from './host/liveness';
import type { Lives } from './lives';
import { sourceOf } from './requirement-entry';
import type { Scenario } from './scenario';
import { type ScenarioOutcome, unchecked } from './scenario-outcome';
import type { ScenarioRunner } from './scenario-runner';

/** What a connection to a host that is gone comes to, behind what was sent before. */
const REFUSED = '; then the host refused the connection while connecting: nothing listens there';

interface Parts {
  readonly runner: ScenarioRunner;
  readonly lives: Lives;
  readonly liveness: Liveness;
  /** Ends the run. */
  readonly signal: AbortSignal;
  /** Why a scenario is left out that would take too long; null where it is run. */
  leavesOut(scenario: Scenario): string | null;
  onOutcome(scenario: Scenario, outcome: ScenarioOutcome): void;
}

/** How one try at a scenario went, and whether the host died of it or of another that ran beside it. */
interface Tried {
  readonly scenario: Scenario;
  readonly met: 'nothing' | 'death' | 'interruption';
  readonly outcome: ScenarioOutcome;
}

/**
 * Runs scenarios, one after the other or beside one another, on a host that may die of any of them: the one that kills it has
 * failed, and the rest goes on where the host can be restarted.
 */
export class ScenarioQueue {
  /** Ids of the scenarios that the host died of. */
  readonly diedIn: string[] = [];
  readonly warnings: string[] = [];

  constructor(private readonly parts: Parts) {}

  /** @param atOnce how many run beside one another */
  async run(scenarios: readonly Scenario[], atOnce: number): Promise<void> {
    const waiting = [...scenarios];
    const again: Tried[] = [];
    const work = async (): Promise<void> => {
      for (let scenario = waiting.shift(); scenario !== undefined; scenario = waiting.shift()) {
        if (atOnce === 1) this.parts.onOutcome(scenario, await this.#runAlone(scenario));
        else await this.#runBesideOthers(scenario, again);
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, waiting.length) }, work));
    await this.#runAgain(again);
  }

  async #runBesideOthers(scenario: Scenario, again: Tried[]): Promise<void> {
    const tried = await this.#try(scenario);
    if (tried.met === 'nothing') return this.parts.onOutcome(scenario, tried.outcome);
    if (tried.met === 'death' && !this.parts.lives.canRestart) {
      this.parts.onOutcome(scenario, this.#toldDeath(tried));
      return this.parts.lives.end(`it stopped answering during ${scenario.entry.id}`);
    }
    again.push(tried);
    if (tried.met === 'death') await this.parts.lives.end(`it stopped answering during ${scenario.entry.id}`);
  }

  /**
   * Of scenarios that ran beside one another when the host died, each is run again alone, to see which it is that kills. Where none
   * does, the one that met the death stands for them.
   */
  async #runAgain(again: readonly Tried[]): Promise<void> {
    const before = this.diedIn.length;
    const alone = new Map<Tried, ScenarioOutcome>();
    for (const tried of again) alone.set(tried, await this.#runAlone(tried.scenario));
    const repeats = this.diedIn.length > before || this.parts.lives.died !== null;
    for (const tried of again) {
      const together = tried.met === 'death' && tried.outcome.owesAnswer === true && !repeats;
      const outcome = together ? this.#toldDeath(tried, ', and not when it ran alone') : alone.get(tried)!;
      this.parts.onOutcome(tried.scenario, outcome);
    }
  }

  /** Runs a scenario with nothing beside it. A host that was gone before it was asked anything is restarted first. */
  async #runAlone(scenario: Scenario): Promise<ScenarioOutcome> {
    let tried = await this.#try(scenario);
    if (tried.met === 'nothing') return tried.outcome;
    const why = `it stopped answering during ${scenario.entry.id}`;
    if (tried.outcome.owesAnswer !== true && this.parts.lives.canRestart) {
      await this.parts.lives.end(why);
      tried = await this.#try(scenario);
      if (tried.met === 'nothing') {
        this.warnings.push(`the host was gone before ${scenario.entry.id} and was restarted`);
        return tried.outcome;
      }
    }
    await this.parts.lives.end(why);
    return this.#toldDeath(tried);
  }

  async #try(scenario: Scenario): Promise<Tried> {
    const life = await this.parts.lives.current();
    const left = this.#leftOut(scenario);
    if (left !== null) return { scenario, met: 'nothing', outcome: left };
    const outcome = await this.parts.runner.run(scenario, AbortSignal.any([this.parts.signal, life]));
    const suspect = outcome.outcome === 'failed' || outcome.controlFailed === true;
    if (suspect && !life.aborted && !(await this.parts.liveness.ask()) && !life.aborted) {
      return { scenario, met: 'death', outcome };
    }
    return {
      scenario,
      met: life.aborted && outcome.outcome !== 'passed' ? 'interruption' : 'nothing',
      outcome,
    };
  }

  #leftOut(scenario: Scenario): ScenarioOutcome | null {
    if (this.parts.lives.died !== null)
      return unchecked('not-run', `the host died before: ${this.parts.lives.died}`);
    if (this.parts.signal.aborted) return unchecked('not-run', 'the run was interrupted');
    const reason = this.parts.leavesOut(scenario);
    return reason === null ? null : unchecked('inconclusive', reason);
  }

  /** A failed control is the host's failure where the host is dead. */
  #toldDeath({ scenario, outcome: { reason, ...outcome } }: Tried, when = ''): ScenarioOutcome {
    if (outcome.owesAnswer === true) this.diedIn.push(scenario.entry.id);
    const { message = `the host answers no request any more, and ${reason}` } = outcome;
    const source = ` (${sourceOf(scenario.entry)})`;
    const said = message.endsWith(source) ? message.slice(0, -source.length) : message;
    const [sent, gone] = said.endsWith(REFUSED)
      ? [said.slice(0, -REFUSED.length), ': nothing listens on its port any more']
      : [said, ''];
    const told = `${sent}; the host died meanwhile${when}${gone}${source}`;
    return { ...outcome, outcome: 'failed', message: told };
  }
}
