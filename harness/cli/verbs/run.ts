import type { Command } from 'commander';
import { dirname, resolve } from 'node:path';
import { OUTCOME_SIGN } from '../../../reports/results/wording';
import { writeConsole } from '../../../reports/console/report';
import type { Report } from '../../../reports/results/model';
import { CATALOGUE } from '../../../scenarios/catalogue';
import { scenarioFiles } from '../../../scenarios/files';
import type { BaselineUse } from '../../baseline/known-outcomes';
import { type Progress as Step, runSuite, type SuitePlan } from '../../jobs/suite/run-suite';
import { UsageError } from '../../support/usage-error';
import { parseDomain } from '../../target/discovery/domain-name';
import { expectedOf } from '../../target/discovery/expected-hosts';
import { whyDnsIsNotAsked } from '../options/found-config';
import { addBeside } from '../options/given-options';
import { addLabOptions, labOptions } from '../options/lab-options';
import { collect, once, wholeNumber } from '../options/option-values';
import {
  addReportOptions,
  addSelectionOptions,
  addTargetOptions,
  resolveSettings,
  type Settings,
} from '../options/options';
import { probeClientMachineId } from '../options/probe-cmid';
import { repeatCommand } from '../output/repeat-command';
import { ProgressLine, timeLeft } from '../output/progress-line';
import { terminalWidth } from '../output/terminal-width';
import { runJob } from '../pipeline/run-job';
import { ownScenarioFiles } from '../pipeline/scenario-folder';
import { withCaptures } from '../pipeline/with-captures';
import { schemaComment } from '../reference/schema-files';
import type { CliContext, Verb } from '../verb';

/* eslint-disable @typescript-eslint/no-require-imports -- loaded where a run is watched only */

const MAX_REPEAT = 10_000;

interface RunOptions {
  readonly slow?: boolean;
  readonly shuffle?: boolean;
  readonly repeat?: number;
  readonly scenarios?: string;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly require?: readonly string[];
  readonly pcapDir?: string;
  readonly watch?: boolean;
  readonly quiet?: boolean;
}

/** `kmsspec run`: the conformance scenarios against a target. */
export const verb: Verb = {
  configure(command: Command): void {
    addLabOptions(addSelectionOptions(addReportOptions(addTargetOptions(command))));
    addBeside(command, (to) =>
      to
        .option('--shuffle', 'another order, drawn from the seed')
        .option(
          '--repeat <N>',
          'run all of it so often; what fails in some is flaky',
          wholeNumber(1, MAX_REPEAT),
        )
        .option(
          '--require <ID>',
          'these (globs, several) must be checked and hold, else exit code 1',
          collect,
        )
        .option('--pcap-dir <DIR>', 'keep a capture of each requirement, named after it', once)
        .option('--watch', 'run again whenever a file that is named here changes, or the host comes back')
        .option('--update-baseline', 'write what fails into the baseline; reasons that are there stay'),
    );
  },

  async run(args, options, context): Promise<number> {
    const chosen: RunOptions = options;
    if (chosen.updateBaseline === true && chosen.baseline === undefined) {
      throw new UsageError('--update-baseline needs --baseline FILE');
    }
    const settings = await resolveSettings(options, context);
    if (chosen.watch === true) {
      const { watchSuite } = require('../watch/watch-suite') as typeof import('../watch/watch-suite');
      return watchSuite(options, context, settings, async (text) =>
        runOnce(args, options, await resolveSettings({ ...options, quiet: true }, context), context, text),
      );
    }
    const { color, stdout } = context;
    const { failOn } = settings;
    return runOnce(args, options, settings, context, (report) =>
      writeConsole(report, { color, width: terminalWidth(stdout), failOn }),
    );
  },
};

/** @param text what people read of the report, on standard output */
function runOnce(
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
  settings: Settings,
  context: CliContext,
  text: (report: Report) => string,
): Promise<number> {
  const chosen: RunOptions = options;
  const { signal, given = [] } = context;
  return withCaptures(chosen.pcapDir, context, chosen.quiet === true, (captures) =>
    runJob(
      { verb: 'run', settings, context },
      {
        lab: labOptions(options, settings.target),
        run: async (host) => {
          const progress = progressOn(context, chosen.quiet === true);
          progress.begin();
          try {
            const plan = await planOf(args, chosen, settings, context);
            const scenarioObserver = captures && ((id: string) => captures.of(id));
            return await runSuite({ ...plan, scenarioObserver }, host, {
              signal,
              repeatCommand: repeatCommand(given, settings.seed),
              onProgress: (step) => progress.show(step),
            });
          } finally {
            progress.clear();
          }
        },
        text: (_, report) => text(report),
      },
    ),
  );
}

async function planOf(
  words: readonly string[],
  { slow, shuffle, repeat, scenarios, baseline, updateBaseline, require }: RunOptions,
  settings: Settings,
  context: CliContext,
): Promise<SuitePlan> {
  const { config, configFile, timeoutMs, seed, include, exclude, shard, dns, allowRemote } = settings;
  const { grantsAny, expectedHosts, budgets, intervals } = config;
  const domains = domainsToAsk(settings, context);
  // Wrong usage, before anything is sent.
  expectedOf(expectedHosts);
  const own = scenarios === undefined ? [] : ownScenarioFiles(scenarios, context.cwd);
  return {
    catalogue: CATALOGUE,
    selection: { words: [...words, ...include], exclude, require: require ?? [], slow: slow === true, shard },
    files: [...scenarioFiles(), ...own],
    domains: domains?.map((domain) => parseDomain(domain, `${configFile ?? ''}: domains:`)),
    probeClientMachineId: domains === undefined ? undefined : await probeClientMachineId(undefined, context),
    ...{ timeoutMs, seed, grantsAny, expectedHosts, dns, allowRemote, budgets, intervals },
    shuffle: shuffle === true,
    repeat: repeat ?? 1,
    baseline:
      baseline === undefined ? undefined : baselineUse(resolve(context.cwd, baseline), updateBaseline),
  };
}

/** The domains of the configuration, left unchecked where it was found and would choose who is asked for them too. */
function domainsToAsk(settings: Settings, { stderr }: CliContext): readonly string[] | undefined {
  const { domains } = settings.config;
  if (domains === undefined || domains.length === 0 || !settings.isDnsFound) return domains;
  stderr.write(`kmsspec: ${whyDnsIsNotAsked(settings, domains.join(', '))}\n`);
  return undefined;
}

const baselineUse = (file: string, update = false): BaselineUse => ({
  file,
  update,
  today: new Date().toISOString().slice(0, 10),
  heading: schemaComment('baseline', dirname(file)),
});

/** How far a run is; on a terminal what failed is told at once. */
function progressOn(
  context: CliContext,
  quiet: boolean,
): { begin(): void; show(step: Step): void; clear(): void } {
  const line = new ProgressLine(context, quiet);
  const startedAt = performance.now();
  let [latest, failed]: [Step | null, number] = [null, 0];
  const text = (): string => {
    if (latest === null) return 'the run begins';
    const { done, total, id } = latest;
    const left = timeLeft(done, total, performance.now() - startedAt);
    return `${done} of ${total} requirements${failed === 0 ? '' : `, ${failed} failed`}, ${id} was the last${left}`;
  };
  return {
    begin: () => line.follow(text),
    show(step) {
      latest = step;
      if (step.outcome !== 'failed') return;
      failed++;
      if (context.isTerminal) line.say(`${OUTCOME_SIGN.failed} ${step.id} failed`);
    },
    clear: () => line.end(),
  };
}
