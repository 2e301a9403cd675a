import type { JobEnd, JobOutcome } from '../../../reports/results/job-outcome';
import type { Result } from '../../../reports/results/result';
import { Random } from '../../support/random';
import { UsageError } from '../../support/usage-error';
import type { PreparedTarget } from '../../target/initial-state';
import { Attempt, type AttemptEnding } from './attempt';
import type { BaselineUse, KnownOutcomes } from '../../baseline/known-outcomes';
import { MochaRun } from './mocha-run';
import type { Scenario } from './scenario';
import type { RequirementEntry } from './requirement-entry';
import { endedTogether, needsKeyedHosts, runOnKeyedHosts } from './keyed-hosts';
import { resultOf, untried, worst } from './results';
import type { ScenarioOutcome } from './scenario-outcome';
import { matches, type Selected, type SelectionOptions, selectRequirements } from './select';
import type { SessionOptions } from './session';

/** What a suite checks, and what is known of the host beside the wire. */
export interface SuitePlan extends Omit<SessionOptions, 'target' | 'observer' | 'signal'> {
  readonly catalogue: readonly RequirementEntry[];
  readonly selection: SelectionOptions;
  /** Scenario files, absolute. */
  readonly files: readonly string[];
  /** Draw the order from the seed. */
  readonly shuffle?: boolean;
  /** How often the whole selection is run; 1 where left out. */
  readonly repeat?: number;
  /** Known outcomes: only a change of them fails. */
  readonly baseline?: BaselineUse | undefined;
}

/** Who hears of a run while it goes on, and what ends it. */
export interface SuiteJobOptions {
  readonly signal?: AbortSignal | undefined;
  /** The command line that runs one requirement again; results name it. */
  readonly repeatCommand?: (id: string) => string;
  /** Told after each scenario of each attempt. */
  readonly onProgress?: (progress: Progress) => void;
}

/** How far a run of the suite is: the scenario that was just done. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly id: string;
  readonly outcome: ScenarioOutcome['outcome'];
}

/** What a run of the suite came to. */
export interface SuiteOutcome extends JobOutcome {
  /** One for each selected requirement, in the order of the catalogue. */
  readonly results: Result[];
  readonly sections: Record<never, never>;
  readonly ended: JobEnd;
  readonly warnings: readonly string[];
}

/** The plan with where it is carried out. */
interface SuiteRun extends SuitePlan, SuiteJobOptions {
  readonly session: SessionOptions;
}

/**
 * Runs the scenarios of the selected requirements against a target: one result for each, failures with what went over the wire.
 * Scenarios bring the target into the state that each needs.
 * @throws UsageError for a selection that names nothing, or a scenario file that cannot be used; ConfigError for a baseline that is none
 */
export async function runSuite(
  plan: SuitePlan,
  { target, observer }: PreparedTarget,
  options: SuiteJobOptions = {},
): Promise<SuiteOutcome> {
  const { signal = new AbortController().signal } = options;
  const known = plan.baseline === undefined ? null : await openBaseline(plan.baseline);
  const outcome = await runAttempts({
    ...plan,
    ...options,
    selection: known === null ? plan.selection : { ...plan.selection, named: known.named },
    session: { ...plan, target, observer, signal },
  });
  return known === null ? outcome : { ...outcome, results: await known.settle(outcome.results) };
}

/* eslint-disable @typescript-eslint/no-require-imports -- what reads YAML is loaded where there is a baseline only */

function openBaseline(use: BaselineUse): Promise<KnownOutcomes> {
  const { KnownOutcomes: Known } =
    require('../../baseline/known-outcomes') as typeof import('../../baseline/known-outcomes');
  return Known.open(use);
}

async function runAttempts(options: SuiteRun): Promise<SuiteOutcome> {
  const tried = new Map<string, ScenarioOutcome[]>();
  const warnings: string[] = [];
  let ending = endedTogether([]);
  const diedIn = new Set<string>();
  let selected: Selected[] = [];
  for (let attempt = 0; attempt < (options.repeat ?? 1) && ending.ended === 'complete'; attempt++) {
    const pass = await runPass(options, attempt);
    selected = pass.selected;
    ending = pass.ending;
    warnings.push(...pass.strays, ...ending.warnings);
    for (const id of ending.diedIn) diedIn.add(id);
    for (const [id, outcomes] of pass.outcomes) {
      tried.set(id, [...(tried.get(id) ?? []), worst(outcomes)]);
    }
  }
  const { require = [] } = options.selection;
  const results = selected
    .map((one) => resultFor(one, tried.get(one.entry.id), options))
    .map((result) =>
      require.some((word) => matches(word, result.id)) ? { ...result, required: true } : result,
    );
  return {
    results,
    sections: {},
    ended: { how: ending.ended, message: ending.message, diedIn: [...diedIn] },
    warnings,
  };
}

interface Pass {
  readonly selected: Selected[];
  readonly outcomes: ReadonlyMap<string, ScenarioOutcome[]>;
  readonly ending: AttemptEnding;
  readonly strays: readonly string[];
}

async function runPass(options: SuiteRun, attempt: number): Promise<Pass> {
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
  options: SuiteRun,
  attempt: number,
  scenarios: readonly Scenario[],
  pending: Pending,
): Promise<AttemptEnding> {
  const { session } = options;
  const { target } = session;
  const random = new Random(session.seed).fork(`attempt ${attempt}`);
  let done = 0;
  const own = attempt === 0 ? session : { ...session, seed: random.uint32() };
  const onOutcome = (scenario: Scenario, outcome: ScenarioOutcome): void => {
    pending.settle(scenario, outcome);
    const { id } = scenario.entry;
    options.onProgress?.({ done: ++done, total: scenarios.length, id, outcome: outcome.outcome });
  };
  const pass = (part: readonly Scenario[], on: SessionOptions['target'], told: typeof onOutcome) =>
    new Attempt({
      session: { ...own, target: on },
      shuffle: options.shuffle === true ? random.fork('order') : null,
      mayTakeLong: ({ entry }) => isWanted(entry.id, options.selection),
      onOutcome: told,
    }).run(part);
  const keyed = scenarios.filter((scenario) => needsKeyedHosts(scenario, target));
  const others = scenarios.filter((scenario) => !keyed.includes(scenario));
  const endings: AttemptEnding[] = [];
  if (others.length > 0 || keyed.length === 0) endings.push(await pass(others, target, onOutcome));
  if (keyed.length > 0)
    endings.push(await runOnKeyedHosts(keyed, target.keyed!, (on, told) => pass(keyed, on, told), onOutcome));
  return endedTogether(endings);
}

/** Whether a requirement is run however long it takes: it was asked for by its whole id, or all that is slow was. */
const isWanted = (id: string, { slow, words }: SelectionOptions): boolean =>
  slow || words.some((word) => word.toUpperCase() === id.toUpperCase());

function resultFor(
  { entry, excluded }: Selected,
  attempts: readonly ScenarioOutcome[] | undefined,
  options: SuiteRun,
): Result {
  if (excluded !== undefined) return untried(entry, 'excluded', excluded);
  if (attempts !== undefined) return resultOf(entry, attempts, options.repeatCommand ?? (() => undefined));
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
