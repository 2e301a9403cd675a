import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { commandLine } from '../../../reports/command-line';
import { Progress } from '../../../reports/console/progress';
import { writeConsole } from '../../../reports/console/report';
import { exitCode } from '../../../reports/exit-code';
import { type Report, REPORT_SCHEMA, type Result } from '../../../reports/model';
import { summarise } from '../../../reports/summary';
import { CATALOGUE } from '../../../scenarios/catalogue';
import { scenarioFiles } from '../../../scenarios/files';
import {
  againstBaseline,
  type Baseline,
  readBaseline,
  updatedBaseline,
  writeBaseline,
} from '../../runner/baseline';
import { repeatCommand } from '../../runner/repeat-command';
import { type Progress as Step, runSuite, type SuiteResult } from '../../runner/run-suite';
import { suiteOf } from '../../runner/requirement-entry';
import { UsageError } from '../../usage-error';
import { addLabOptions, labOptions } from '../lab-options';
import { wholeNumber } from '../option-values';
import {
  addReportOptions,
  addSelectionOptions,
  addTargetOptions,
  resolveSettings,
  type Settings,
} from '../options';
import { writeReports } from '../report-files';
import { toolOf } from '../section-report';
import { ownScenarioFiles } from '../scenario-folder';
import { terminalWidth } from '../terminal-width';
import type { CliContext, Verb } from '../verb';
import { type OpenedTarget, withTarget } from '../with-target';

const MAX_REPEAT = 10_000;

interface RunOptions {
  readonly slow?: boolean;
  readonly shuffle?: boolean;
  readonly repeat?: number;
  readonly scenarios?: string;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly quiet?: boolean;
}

/** `kmsspec run`: the conformance scenarios against a target. */
export const verb: Verb = {
  configure(command: Command): void {
    addLabOptions(addSelectionOptions(addReportOptions(addTargetOptions(command))))
      .option('--shuffle', 'another order, drawn from the seed')
      .option(
        '--repeat <N>',
        'run all of it so often; what fails in some is flaky',
        wholeNumber(1, MAX_REPEAT),
      )
      .option('--update-baseline', 'write what fails into the baseline; reasons that are there stay');
  },

  async run(args, options, context): Promise<number> {
    const chosen: RunOptions = options;
    if (chosen.updateBaseline === true && chosen.baseline === undefined) {
      throw new UsageError('--update-baseline needs --baseline FILE');
    }
    const settings = await resolveSettings(options, context);
    const lab = labOptions(options, settings.target);
    const job = (opened: OpenedTarget): Promise<number> => run(args, chosen, settings, context, opened);
    return withTarget(settings, context, job, lab);
  },
};

async function run(
  words: readonly string[],
  options: RunOptions,
  settings: Settings,
  context: CliContext,
  opened: OpenedTarget,
): Promise<number> {
  const startedAt = new Date();
  const known = await knownOutcomes(options, context);
  const suite = await runScenarios(words, options, settings, context, opened, [...known.keys()]);
  const results = await settle(suite, options, known, context, startedAt.toISOString().slice(0, 10));
  const report = reportOf({ ...suite, results }, settings, context, opened, startedAt);
  if (suite.ended === 'target-unreachable') context.stderr.write(`kmsspec: ${suite.endedMessage}\n`);
  if (!Object.values(settings.reports).includes('-')) {
    const width = terminalWidth(context.stdout);
    context.stdout.write(writeConsole(report, { color: context.color, width, failOn: settings.failOn }));
  }
  await writeReports(report, settings, context);
  return exitCode(report);
}

/** The baseline that was named; one that is to be written need not be there yet. */
async function knownOutcomes(options: RunOptions, { cwd }: CliContext): Promise<Baseline> {
  if (options.baseline === undefined) return new Map();
  const file = resolve(cwd, options.baseline);
  return options.updateBaseline === true && !existsSync(file) ? new Map() : readBaseline(file);
}

/** Holds the results against the baseline, which is brought up to date before where that was asked for. */
async function settle(
  { results }: SuiteResult,
  options: RunOptions,
  known: Baseline,
  { cwd }: CliContext,
  today: string,
): Promise<Result[]> {
  if (options.baseline === undefined) return results;
  if (options.updateBaseline !== true) return againstBaseline(results, known, today);
  const entries = updatedBaseline(results, known, today);
  await writeBaseline(resolve(cwd, options.baseline), entries);
  return againstBaseline(results, new Map(entries.map((entry) => [entry.id, entry])), today);
}

async function runScenarios(
  words: readonly string[],
  options: RunOptions,
  settings: Settings,
  context: CliContext,
  { target, observer }: OpenedTarget,
  known: readonly string[],
): Promise<SuiteResult> {
  const { config, timeoutMs, seed, include, exclude, shard } = settings;
  const own = options.scenarios === undefined ? [] : ownScenarioFiles(options.scenarios, context.cwd);
  const { grantsAny, domains, expectedHosts, budgets, intervals } = config;
  const progress = progressOn(context, options.quiet === true);
  try {
    return await runSuite({
      catalogue: CATALOGUE,
      selection: {
        words: [...words, ...include],
        exclude,
        slow: options.slow === true,
        shard,
        named: { file: options.baseline ?? '', ids: known },
      },
      files: [...scenarioFiles(), ...own],
      session: {
        target,
        timeoutMs,
        seed,
        signal: context.signal,
        grantsAny,
        domains,
        expectedHosts,
        dns: settings.dns,
        allowRemote: settings.allowRemote,
        budgets,
        intervals,
        observer,
      },
      shuffle: options.shuffle === true,
      repeat: options.repeat ?? 1,
      repeatCommand: repeatCommand(context.argv ?? [], words, seed),
      onProgress: (step) => progress.show(step),
    });
  } finally {
    progress.clear();
  }
}

function progressOn(context: CliContext, quiet: boolean): { show(step: Step): void; clear(): void } {
  const progress = new Progress({
    write: (text) => context.stderr.write(text),
    isTerminal: context.isTerminal && !quiet,
    columns: () => (context.stderr as Partial<{ columns: number }>).columns ?? 80,
    now: () => performance.now(),
  });
  let started = false;
  return {
    show({ total, id, outcome }) {
      if (!started) progress.start(total);
      started = true;
      const step = { suite: suiteOf(id), id };
      progress.end(step, outcome);
      progress.begin(step);
    },
    clear: () => progress.clear(),
  };
}

function reportOf(
  { results, ended, endedMessage, warnings }: SuiteResult,
  settings: Settings,
  context: CliContext,
  { target }: OpenedTarget,
  startedAt: Date,
): Report {
  return {
    schema: REPORT_SCHEMA,
    tool: toolOf(),
    run: {
      startedAt: startedAt.toISOString(),
      durationMs: Date.now() - startedAt.getTime(),
      seed: settings.seed,
      shard: settings.shard,
      command: commandLine(['kmsspec', ...(context.argv ?? ['run'])]),
      verb: 'run',
      ended,
      ...(endedMessage === undefined ? {} : { endedMessage }),
      failOn: [...settings.failOn],
      ...(warnings.length === 0 ? {} : { warnings: [...warnings] }),
    },
    target: target.description,
    summary: summarise(results),
    results: [...results],
  };
}
