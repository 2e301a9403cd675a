import Mocha, { type Suite, type Test } from 'mocha';
import { UsageError } from '../../support/usage-error';
import { collecting } from './registry';
import { type Scenario } from './scenario';
import type { ScenarioOutcome } from './scenario-outcome';

/** What mocha puts on `globalThis` while it loads files; a run within a mocha run gives it back. */
const MOCHA_GLOBALS = [
  'describe',
  'context',
  'it',
  'specify',
  'xdescribe',
  'xcontext',
  'xit',
  'xspecify',
  'before',
  'after',
  'beforeEach',
  'afterEach',
  'run',
] as const;

/** Files are loaded by one run at a time in a process, since mocha has its functions on `globalThis`. */
let loading: Promise<unknown> = Promise.resolve();

/**
 * Scenario files, loaded and run by mocha: each `it` waits for the outcome that the runner comes to, in the runner's order.
 */
export class MochaRun {
  /** Errors that mocha met outside any scenario. */
  readonly strays: string[] = [];

  private constructor(
    private readonly mocha: Mocha,
    private readonly tests: ReadonlyMap<Test, Scenario>,
  ) {}

  /** In the order of the files. */
  get scenarios(): readonly Scenario[] {
    return [...this.tests.values()];
  }

  /**
   * @param files scenario files, absolute
   * @param outcomeOf settles when the runner has come to the scenario's outcome
   * @throws UsageError where a file cannot be loaded, or holds anything but requirements
   */
  static load(
    files: readonly string[],
    outcomeOf: (scenario: Scenario) => Promise<ScenarioOutcome>,
  ): Promise<MochaRun> {
    const load = async (): Promise<MochaRun> => {
      const mocha = new Mocha({ reporter: QuietReporter, timeout: 0, ui: 'bdd' });
      const scenarios = new Map<Test, Scenario>();
      const wait = async (scenario: Scenario, test: Test): Promise<void> => {
        const { outcome, message } = await outcomeOf(scenario);
        if (outcome === 'failed') throw new Error(message);
        if (outcome !== 'passed') test.skip();
      };
      for (const file of files) mocha.addFile(file);
      const run = new MochaRun(mocha, scenarios);
      try {
        await collecting({ scenarios, wait }, () => loadFiles(mocha));
        checkSuite(mocha.suite, scenarios);
        // The files are let go of at once: a run that begins beside this one loads them anew, or it would find none.
        mocha.unloadFiles();
      } catch (error) {
        run.dispose();
        throw error;
      }
      return run;
    };
    const loaded = loading.then(load);
    loading = loaded.catch(() => undefined);
    return loaded;
  }

  #running = false;

  /** Resolves when every scenario has its outcome. */
  run(): Promise<void> {
    this.#running = true;
    return new Promise((resolve) => {
      const runner = this.mocha.run(() => {
        this.#running = false;
        resolve();
      });
      runner.on('fail', (test: Test, error: Error) => {
        if (!this.tests.has(test)) this.strays.push(`${test.fullTitle()}: ${error.message}`);
      });
    });
  }

  dispose(): void {
    // After a failure of the harness itself mocha still waits for outcomes, and would tell that in the failure's place.
    if (!this.#running) this.mocha.dispose();
  }
}

/** The scenarios of files, without running them. @throws UsageError as `MochaRun.load` */
export async function listScenarios(files: readonly string[]): Promise<readonly Scenario[]> {
  const loaded = await MochaRun.load(files, () => new Promise(() => {}));
  loaded.dispose();
  return loaded.scenarios;
}

/** Says nothing: the report is made from outcomes. */
class QuietReporter extends Mocha.reporters.Base {}

async function loadFiles(mocha: Mocha): Promise<void> {
  const globals = globalThis as unknown as Record<string, unknown>;
  const saved = MOCHA_GLOBALS.map((name) => [name, globals[name]] as const);
  try {
    await mocha.loadFilesAsync();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { message } = error as Error;
    throw new UsageError(`a scenario file cannot be loaded: ${message}`, { cause: error });
  } finally {
    for (const [name, value] of saved) globals[name] = value;
  }
}

/** The runner decides what runs when, so hooks and other tests of a scenario file would not run where they seem to. */
function checkSuite(suite: Suite, scenarios: ReadonlyMap<Test, Scenario>): void {
  const hooks = suite as unknown as Record<string, readonly unknown[] | undefined>;
  for (const kind of ['_beforeAll', '_beforeEach', '_afterAll', '_afterEach']) {
    if ((hooks[kind]?.length ?? 0) === 0) continue;
    throw new UsageError(
      `${suite.file ?? suite.fullTitle()}: a scenario file takes no hook (${kind.slice(1)}); do it in the scenario, or declare what it needs`,
    );
  }
  for (const test of suite.tests) {
    if (scenarios.has(test)) continue;
    throw new UsageError(
      `${test.file ?? suite.fullTitle()}: "${test.title}" is no requirement; write requirement(id, …) in place of it(…)`,
    );
  }
  for (const inner of suite.suites) checkSuite(inner, scenarios);
}
