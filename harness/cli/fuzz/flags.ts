import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CASE_LEVELS, type CaseLevel } from '../../jobs/fuzz';
import { FEEDBACK_KINDS, type FeedbackKind } from '../../jobs/fuzz/settings';
import { type FuzzPlan, USUAL_OUT } from '../../jobs/fuzz/fuzz-job';
import { packageRoot } from '../../support/package-root';
import { labOptions } from '../options/lab-options';
import { caseLevels } from '../options/case-levels';
import { choice, duration, shard, wholeNumber } from '../options/option-values';
import type { Settings } from '../options/options';
import type { CliContext } from '../verb';
import { targetArguments } from './target-arguments';

export interface FuzzFlags {
  readonly runs?: number;
  readonly time?: number;
  readonly workers: number;
  readonly lanes?: number;
  readonly connections: 'kept' | 'each';
  readonly feedback?: FeedbackKind;
  readonly levels?: readonly CaseLevel[];
  readonly corpus?: string;
  readonly out: string;
  /** Seconds; true where no duration was given. */
  readonly waitForHost?: number | true;
  readonly stopOnFinding?: boolean;
  readonly afresh?: boolean;
  readonly replay?: string;
  readonly attempts: number;
  readonly quiet?: boolean;
}

export const DEFAULT_RUNS = 20_000;

export function addFuzzOptions(command: Command): Command {
  return command
    .option(
      '--runs <N>',
      `cases in all shards together; ${DEFAULT_RUNS} unless --time is given`,
      wholeNumber(1, 1e12),
    )
    .option('--time <DURATION>', 'how long, such as 30s, 10m or 8h', duration)
    .option('--shard <I/N>', 'this part of the cases only', shard)
    .option('--workers <N>', 'threads; each has an embedded host of its own', wholeNumber(1, 64), 1)
    .option(
      '--lanes <N>',
      'cases at the same time in each worker; as many as suit the host',
      wholeNumber(1, 256),
    )
    .addOption(
      choice(
        '--connections <HOW>',
        'kept (default) or each: single calls over a connection each',
        ['kept', 'each'],
        'kept',
      ),
    )
    .addOption(
      choice(
        '--feedback <HOW>',
        'vary further what was answered in a new way, or ran new code of the host (none; coverage where there is a control for it)',
        FEEDBACK_KINDS,
      ),
    )
    .option('--levels <NAMES>', `what is varied: ${CASE_LEVELS.join(',')}`, caseLevels)
    .option('--corpus <DIR>', 'captures whose requests are mutated; those that kmsspec ships by default')
    .option('--out <DIR>', 'folder for findings and the journal', USUAL_OUT)
    .option(
      '--wait-for-host [DURATION]',
      'a host that died, and that no control restarts, is waited for so long (10m), and the cases that were under way are asked one by one',
      duration,
    )
    .option('--stop-on-finding', 'end at the first finding')
    .option('--afresh', 'forget what the journal holds of this campaign, and begin again')
    .option('--replay <ID>', 'run a saved finding again: fixed, still failing, or flaky')
    .option('--attempts <N>', 'how often --replay tries', wholeNumber(1, 1000), 10);
}

/** What flags and configuration come to for a campaign. */
export function campaignSettings(
  flags: FuzzFlags,
  settings: Settings,
  options: Readonly<Record<string, unknown>>,
  { cwd, given = [] }: CliContext,
): FuzzPlan['settings'] {
  return {
    seed: settings.seed,
    levels: flags.levels ?? CASE_LEVELS,
    corpus: flags.corpus === undefined ? shippedCorpus() : resolve(cwd, flags.corpus),
    lanes: flags.lanes ?? null,
    connections: flags.connections,
    feedback: flags.feedback ?? (settings.config.controls?.coverage === undefined ? 'none' : 'coverage'),
    workers: flags.workers,
    shard: settings.shard ?? { index: 1, of: 1 },
    timeoutMs: settings.timeoutMs,
    ...(flags.waitForHost === undefined ? {} : { waitForHost: { withinMs: waitMs(flags.waitForHost) } }),
    stopOnFinding: flags.stopOnFinding === true,
    out: resolve(cwd, flags.out),
    target: {
      address: settings.target ?? null,
      arguments: targetArguments(given, options, settings, cwd),
      allowRemote: settings.allowRemote,
      profile: settings.profile,
      keyGroup: settings.keyGroup ?? null,
      controls: settings.config.controls ?? {},
      controlsFolder: settings.configFolder,
      macKey: settings.macKey ?? null,
      lab: labOptions(options, settings.target),
    },
  };
}

/** Long enough for a person to notice. */
const USUAL_WAIT_SECONDS = 600;

const waitMs = (seconds: number | true): number => 1000 * (seconds === true ? USUAL_WAIT_SECONDS : seconds);

function shippedCorpus(): string | null {
  const folder = join(packageRoot(), 'captures', 'corpus');
  return existsSync(folder) ? folder : null;
}
