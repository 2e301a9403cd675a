import { type InstrumenterContext, INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  determineHitLimitReached,
  type DryRunResult,
  DryRunStatus,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  type TestRunnerCapabilities,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { transformFileSync } from '@swc/core';
import fc from 'fast-check';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import Mocha, { type Suite, type Test } from 'mocha';

/** Folders whose tests count: those beside the mutated code, and the one that holds what layouts say of their fields. */
const TESTS = [
  'protocol',
  join('harness', 'model'),
  join('harness', 'cli', 'reference', 'fields-reference.test.ts'),
];
/** Fifty thousand mutated PDUs that must not crash: a third of all the time, for no value that they would check. */
const LEFT_OUT = join('protocol', 'mutation.test.ts');
/** Codecs are compiled once, in whatever test comes first: what the dry run saw of them says nothing about who uses them. */
const COMPILED_ONCE = `${sep}codec${sep}`;
/** Stryker allows a mutant 100 times the hits of the dry run, which is minutes in the decoders: the whole dry run five times will do. */
const STRYKERS_HIT_FACTOR = 100;
const HIT_FACTOR = 5;
/** What fails where a mutant cannot be loaded. */
const LOADING = 'the tests load';

const instrumented = globalThis as unknown as Record<string, InstrumenterContext | undefined>;
const context = (instrumented[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {});

/**
 * Runs the tests in this process, with all modules of the project loaded anew for each mutant: codecs are compiled once
 * and kept, so that a mutant in what compiles them would otherwise meet decoders made without it.
 */
class InProcessRunner implements TestRunner {
  readonly #root = process.cwd() + sep;
  readonly #files = TESTS.flatMap((path) => testFiles(join(process.cwd(), path)));
  /** Milliseconds of each test in the dry run, kept for processes that come after one that hung: short ones go first. */
  readonly #durationsFile = join(process.cwd(), 'durations.json');
  #durations: Record<string, number> = existsSync(this.#durationsFile)
    ? (JSON.parse(readFileSync(this.#durationsFile, 'utf8')) as Record<string, number>)
    : {};
  /** Tests that killed mutants, the last one first: it often kills the next mutant, too. */
  #killers: string[] = [];
  #isDryRun = false;

  capabilities(): TestRunnerCapabilities {
    return { reloadEnvironment: true };
  }

  async dryRun(): Promise<DryRunResult> {
    this.#isDryRun = true;
    const tests = await this.#run();
    this.#isDryRun = false;
    this.#durations = Object.fromEntries(tests.map(({ id, timeSpentMs }) => [id, timeSpentMs]));
    writeFileSync(this.#durationsFile, JSON.stringify(this.#durations));
    return { status: DryRunStatus.Complete, tests, mutantCoverage: context.mutantCoverage! };
  }

  /** A mutant that is met so much more often than in the dry run is a loop without end. */
  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, testFilter, sandboxFileName } = options;
    const hitLimit = ((options.hitLimit ?? Infinity) * HIT_FACTOR) / STRYKERS_HIT_FACTOR;
    context.activeMutant = activeMutant.id;
    const covering = sandboxFileName.includes(COMPILED_ONCE) ? undefined : testFilter;
    context.hitLimit = hitLimit;
    context.hitCount = 0;
    const tests = await this.#run(covering === undefined ? undefined : new Set(covering));
    const killer = tests.find(({ status }) => status === TestStatus.Failed)?.id;
    if (killer !== undefined) this.#killers = [killer, ...this.#killers.filter((id) => id !== killer)];
    return toMutantRunResult(
      determineHitLimitReached(context.hitCount, hitLimit) ?? { status: DryRunStatus.Complete, tests },
    );
  }

  /** Runs tests until one fails. */
  async #run(only?: ReadonlySet<string>): Promise<TestResult[]> {
    let tests: Test[] = [];
    const results = [await timed(LOADING, () => void (tests = this.#load()))];
    for (const test of tests) {
      if (results.at(-1)!.status === TestStatus.Failed) break;
      const id = test.fullTitle();
      if (only !== undefined && !only.has(id)) continue;
      if (this.#isDryRun) context.currentTestId = id;
      results.push(await timed(id, () => test.fn!.call(test.ctx!, undefined as never)));
      delete context.currentTestId;
    }
    return results;
  }

  #load(): Test[] {
    for (const path of Object.keys(require.cache)) {
      if (path.startsWith(this.#root)) delete require.cache[path];
    }
    // No shrinking, since a failure is enough, and the same cases each time.
    fc.configureGlobal({ seed: 20261125, endOnFailure: true });
    return testsOf(new Tests({ ui: 'bdd' }).load(this.#files)).sort((a, b) => this.#rank(a) - this.#rank(b));
  }

  #rank(test: Test): number {
    const id = test.fullTitle();
    const killer = this.#killers.indexOf(id);
    return killer >= 0 ? killer - this.#killers.length : (this.#durations[id] ?? 0);
  }
}

/** Compiled once for all mutants: which of them is active is a matter of run time. */
const compiled = new Map<string, string>();
require.extensions['.ts'] = (module, path) => {
  const code =
    compiled.get(path) ??
    transformFileSync(path, {
      swcrc: false,
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022', keepClassNames: true },
      module: { type: 'commonjs' },
    }).code;
  compiled.set(path, code);
  (module as unknown as { _compile(code: string, path: string): void })._compile(code, path);
};

class Tests extends Mocha {
  /** By require, which loads what was taken out of its cache. */
  load(files: readonly string[]): Suite {
    for (const file of files) this.addFile(file);
    this.loadFiles();
    return this.suite;
  }
}

function testFiles(path: string): string[] {
  if (path.endsWith('.ts')) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(path, name))
    .filter((file) => !file.endsWith(LEFT_OUT));
}

function testsOf(suite: Suite): Test[] {
  const { _beforeAll, _beforeEach, _afterAll, _afterEach } = suite as unknown as Record<string, unknown[]>;
  if ([_beforeAll, _beforeEach, _afterAll, _afterEach].some((hooks) => hooks!.length > 0)) {
    throw new Error(`${suite.fullTitle()} has hooks, which this runner does not run`);
  }
  return [...suite.tests, ...suite.suites.flatMap(testsOf)];
}

async function timed(id: string, test: () => unknown): Promise<TestResult> {
  const start = performance.now();
  const result = (): { id: string; name: string; timeSpentMs: number } => ({
    id,
    name: id,
    timeSpentMs: performance.now() - start,
  });
  try {
    await test();
    return { ...result(), status: TestStatus.Success };
  } catch (error) {
    return { ...result(), status: TestStatus.Failed, failureMessage: String(error) };
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner)];
