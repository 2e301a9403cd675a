import { type Command, InvalidArgumentError } from 'commander';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseDuration } from '../../duration';
import { CASE_LEVELS, type CampaignSettings, type CaseLevel } from '../../fuzz';
import { packageRoot } from '../../package-root';
import { labOptions } from '../lab-options';
import { oneOf, shard, wholeNumber } from '../option-values';
import type { Settings } from '../options';
import type { CliContext } from '../verb';
import { targetArguments } from './target-arguments';

export interface FuzzFlags {
  readonly runs?: number;
  readonly time?: number;
  readonly workers: number;
  readonly lanes: number;
  readonly connections: 'kept' | 'each';
  readonly levels?: readonly CaseLevel[];
  readonly corpus?: string;
  readonly out: string;
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
    .option('--lanes <N>', 'cases at the same time in each worker', wholeNumber(1, 256), 16)
    .option(
      '--connections <HOW>',
      'kept (default) or each: single calls over a connection each',
      oneOf('kept', 'each'),
      'kept',
    )
    .option('--levels <NAMES>', `what is varied: ${CASE_LEVELS.join(',')}`, levels)
    .option('--corpus <DIR>', 'captures whose requests are mutated; those that kmsspec ships by default')
    .option('--out <DIR>', 'folder for findings and the journal', 'kmsspec-findings')
    .option('--stop-on-finding', 'end at the first finding')
    .option('--afresh', 'forget what the journal holds of this campaign, and begin again')
    .option('--replay <ID>', 'run a saved finding again: fixed, still failing, or flaky')
    .option('--attempts <N>', 'how often --replay tries', wholeNumber(1, 1000), 10);
}

function duration(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined || seconds <= 0)
    throw new InvalidArgumentError('expected a duration such as 30s, 10m or 8h.');
  return seconds;
}

function levels(text: string): readonly CaseLevel[] {
  return text.split(',').map((name) => {
    const level = CASE_LEVELS.find((candidate) => candidate === name.trim());
    if (level === undefined) throw new InvalidArgumentError(`expected some of ${CASE_LEVELS.join(', ')}.`);
    return level;
  });
}

/** What flags and configuration come to for a campaign. */
export function campaignSettings(
  flags: FuzzFlags,
  settings: Settings,
  options: Readonly<Record<string, unknown>>,
  { cwd }: CliContext,
): CampaignSettings {
  return {
    seed: settings.seed,
    levels: flags.levels ?? CASE_LEVELS,
    corpus: flags.corpus === undefined ? shippedCorpus() : resolve(cwd, flags.corpus),
    lanes: flags.lanes,
    connections: flags.connections,
    workers: flags.workers,
    shard: settings.shard ?? { index: 1, of: 1 },
    timeoutMs: settings.timeoutMs,
    stopOnFinding: flags.stopOnFinding === true,
    out: resolve(cwd, flags.out),
    target: {
      address: settings.target ?? null,
      arguments: targetArguments(options, settings, cwd),
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

function shippedCorpus(): string | null {
  const folder = join(packageRoot(), 'captures', 'corpus');
  return existsSync(folder) ? folder : null;
}
