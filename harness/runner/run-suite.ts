import type { Ending } from '../../reports/model';
import type { Result } from '../../reports/result';
import { Random } from '../random';
import { UsageError } from '../usage-error';
import { Attempt, type AttemptEnding } from './attempt';
import { MochaRun } from './mocha-run';
import type { Scenario } from './registry';
import type { RequirementEntry } from './requirement-entry';
import { resultOf, untried, worst } from './results';
import type { ScenarioOutcome } from './scenario-outcome';
import { type Selected, type SelectionOptions, selectRequirements } from './select';
import type { SessionOptions } from './session';

export interface SuiteOptions {
  readonly catalogue: readonly RequirementEntry[];
  readonly selection: SelectionOptions;
  /** Scenario files, absolute. */
  readonly files: readonly string[];
  readonly session: SessionOptions;
  /** Draw the order from the seed. */
  readonly shuffle?: boolean;
  /** How often the whole selection is run; 1 where left out. */
  readonly repeat?: number;
  /** The command line that runs one requirement again. */
  repeatCommand(id: string): string;
  /** Told after each scenario of each attempt. */
  onProgress?(progress: Progress): void;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly id: string;
  readonly outcome: ScenarioOutcome['outcome'];
}

export interface SuiteResult {
  /** One for each selected requirement, in the order of the catalogue. */
  readonly results: Result[];
  readonly ended: Ending;
  readonly endedMessage?: string;
  readonly warnings: readonly string[];
}

/**
 * Runs the scenarios of the selected requirements against a target.
 * @throws UsageError for a selection that names nothing, or a scenario file that cannot be used
 */
export async function runSuite(options: SuiteOptions): Promise<SuiteResult> {
  const tried = new Map<string, ScenarioOutcome[]>();
  const warnings: string[] = [];
  let ending: AttemptEnding = { ended: 'complete' };
  let selected: Selected[] = [];
  for (let attempt = 0; attempt < (options.repeat ?? 1) && ending.ended === 'complete'; attempt++) {
    const pass = await runPass(options, attempt);
    selected = pass.selected;
    ending = pass.ending;
    warnings.push(...pass.strays);
    for (const [id, outcomes] of pass.outcomes) {
      tried.set(id, [...(tried.get(id) ?? []), worst(outcomes)]);
    }
  }
  const results = selected.map((one) => resultFor(one, tried.get(one.entry.id), options));
  return {
    results,
    ended: ending.ended,
    ...(ending.message === undefined ? {} : { endedMessage: ending.message }),
    warnings,
  };
}

interface Pass {
  readonly selected: Selected[];
  readonly outcomes: ReadonlyMap<string, ScenarioOutcome[]>;
  readonly ending: AttemptEnding;
  readonly strays: readonly string[];
}

async function runPass(options: SuiteOptions, attempt: number): Promise<Pass> {
  const pending = new Pending();
  const loaded = await MochaRun.load(options.files, (scenario) => pending.outcomeOf(scenario));
  try {
    const selected = selectRequirements(withOwn(options.catalogue, loaded.scenarios), options.selection);
    const ids = new Set(
      selected.filter(({ excluded }) => excluded === undefined).map(({ entry }) => entry.id),
    );
    const scenarios = loaded.scenarios.filter(({ entry }) => ids.has(entry.id));
    pending.skip(loaded.scenarios.filter(({ entry }) => !ids.has(entry.id)));
    const mochaDone = loaded.run();
    const ending = await attemptAt(options, attempt, scenarios, pending);
    await mochaDone;
    return { selected, outcomes: pending.outcomes, ending, strays: loaded.strays };
  } finally {
    loaded.dispose();
  }
}

async function attemptAt(
  options: SuiteOptions,
  attempt: number,
  scenarios: readonly Scenario[],
  pending: Pending,
): Promise<AttemptEnding> {
  const { session } = options;
  const random = new Random(session.seed).fork(`attempt ${attempt}`);
  let done = 0;
  return new Attempt({
    session: attempt === 0 ? session : { ...session, seed: random.uint32() },
    shuffle: options.shuffle === true ? random.fork('order') : null,
    onOutcome: (scenario, outcome) => {
      pending.settle(scenario, outcome);
      const { id } = scenario.entry;
      options.onProgress?.({ done: ++done, total: scenarios.length, id, outcome: outcome.outcome });
    },
  }).run(scenarios);
}

function resultFor(
  { entry, excluded }: Selected,
  attempts: readonly ScenarioOutcome[] | undefined,
  options: SuiteOptions,
): Result {
  if (excluded !== undefined) return untried(entry, 'excluded', excluded);
  if (attempts !== undefined) return resultOf(entry, attempts, (id) => options.repeatCommand(id));
  return untried(entry, 'untestable', entry.noScenario ?? 'no scenario file that was loaded checks it');
}

/** The catalogue with the requirements that a user's own scenarios bring. */
function withOwn(
  catalogue: readonly RequirementEntry[],
  scenarios: readonly Scenario[],
): readonly RequirementEntry[] {
  const known = new Map(catalogue.map((entry) => [entry.id, entry]));
  const own = new Map<string, RequirementEntry>();
  for (const { entry } of scenarios) {
    const same = known.get(entry.id);
    if (same === undefined) own.set(entry.id, entry);
    else if (same.title !== entry.title) {
      throw new UsageError(
        `${entry.id} is an id of the catalogue: take another for a requirement of your own`,
      );
    }
  }
  return [...catalogue, ...own.values()];
}

/** Outcomes that mocha waits for. */
class Pending {
  readonly outcomes = new Map<string, ScenarioOutcome[]>();
  readonly #settled = new Map<Scenario, ScenarioOutcome>();
  readonly #waiting = new Map<Scenario, (outcome: ScenarioOutcome) => void>();

  outcomeOf(scenario: Scenario): Promise<ScenarioOutcome> {
    const settled = this.#settled.get(scenario);
    if (settled !== undefined) return Promise.resolve(settled);
    return new Promise((resolve) => this.#waiting.set(scenario, resolve));
  }

  settle(scenario: Scenario, outcome: ScenarioOutcome): void {
    const { id } = scenario.entry;
    this.outcomes.set(id, [...(this.outcomes.get(id) ?? []), outcome]);
    this.#tell(scenario, outcome);
  }

  /** Scenarios that were not selected: mocha need not wait for them, and nothing is reported of them. */
  skip(scenarios: readonly Scenario[]): void {
    for (const scenario of scenarios) {
      const reason = 'not selected';
      this.#tell(scenario, { outcome: 'not-run', reason, notes: [], durationMs: 0, evidence: [] });
    }
  }

  #tell(scenario: Scenario, outcome: ScenarioOutcome): void {
    this.#settled.set(scenario, outcome);
    this.#waiting.get(scenario)?.(outcome);
  }
}
