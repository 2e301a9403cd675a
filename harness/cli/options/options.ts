import type { Command } from 'commander';
import { resolve } from 'node:path';
import { KEY_GROUPS, type KeyGroupSetting } from '../../../protocol';
import { DEFAULT_FAIL_ON, type Level } from '../../../reports/results/levels';
import type { Config, Exclusion } from '../../target/config';
import { loadConfig } from '../../target/config/config';
import { findProfile } from '../../target/config/find-profile';
import type { Profile } from '../../model/profile';
import { freshSeed } from '../../support/random';
import { checkWritable } from '../../support/safe-file';
import { readKeyFile } from '../../target/key-file';
import { UsageError } from '../../support/usage-error';
import {
  checkStandardOutput,
  choice,
  collect,
  label,
  levels,
  once,
  shard,
  type ShardOption,
  wholeNumber,
} from './option-values';
import { forTarget, lookedUp, refuseFoundDns, tellFound } from './found-config';
import { addBeside, addOfTarget } from './given-options';
import { refuseOverwrittenConfig } from './overwritten-input';
import type { CliContext } from '../verb';

/** Options that mean the same for every verb: declared here, read here. */

/** The longest wait that makes sense: an hour. */
const MAX_TIMEOUT_MS = 3_600_000;
const MAX_SEED = 0x7fff_ffff;

/** For every verb that sends. */
export function addTargetOptions(command: Command): Command {
  addOfTarget(command, (to) =>
    to
      .option(
        '--target <HOST[:PORT]>',
        'the host; an embedded lab host without it; .DOMAIN finds it by DNS',
        once,
      )
      .option('--dns <SERVER[:PORT]>', 'DNS server for .DOMAIN; the system’s without it')
      .option('--config <FILE>', 'configuration (YAML); kmsspec.yaml of this folder is read by itself')
      .option('--no-config', 'leave kmsspec.yaml of this folder alone')
      .option('--profile <NAME>', 'win7-2008r2 (default), vista-2008, or a file')
      .addOption(choice('--key-group <NAME>', 'key group of the host', [...KEY_GROUPS, 'any']))
      .option('--mac-key <FILE>', 'key for the MAC: 20 bytes in hex; never shown')
      .option('--allow-remote', 'send to a target that is not this machine, and change its count')
      .option(
        '--timeout <MS>',
        'for each answer; 15000, the time to live of a request',
        wholeNumber(1, MAX_TIMEOUT_MS, 'milliseconds'),
      ),
  );
  return addBeside(command, (to) =>
    to
      .option('--seed <N>', 'all randomness comes from it', wholeNumber(0, MAX_SEED))
      .option('--pcap <FILE>', 'keep what was sent and received as a capture'),
  );
}

/** For every verb that reports. `-` is standard output. */
export function addReportOptions(command: Command): Command {
  return addBeside(command, (to) =>
    to
      .option('--json <FILE>', 'write the report as JSON (kmsspec.report/1)', once)
      .option('--junit <FILE>', 'write the report as JUnit XML', once)
      .option('--html <FILE>', 'write the report as a web page', once)
      .option('--markdown <FILE>', 'write the report as Markdown', once)
      .option(
        '--label <TEXT>',
        'what is tested, such as the version of the host, for readers of the report, compare and matrix',
        label,
      ),
  );
}

/** For verbs that run scenarios. */
export function addSelectionOptions(command: Command): Command {
  return addBeside(command, (to) =>
    to
      .option('--fail-on <LEVELS>', 'levels that decide the exit code; MUST,DESIGN', levels)
      .option('--include <ID>', 'only these (globs, several)', collect)
      .option('--exclude <ID>', 'not these (globs, several); reported as excluded', collect)
      .option('--slow', 'the scenarios that take minutes too')
      .option('--baseline <FILE>', 'known outcomes: only a change fails')
      .option('--shard <I/N>', 'this part of the work only', shard),
  ).option('--scenarios <DIR>', 'scenarios of your own, in TypeScript');
}

export interface ReportFiles {
  readonly json?: string | undefined;
  readonly junit?: string | undefined;
  readonly html?: string | undefined;
  readonly markdown?: string | undefined;
}

/** What the flags and the configuration come to; flags win. */
export interface Settings {
  readonly config: Config;
  /** Null where there is no configuration file. */
  readonly configFile: string | null;
  /** What relative paths of the configuration are relative to. */
  readonly configFolder: string;
  /** As in `--target`; undefined for the embedded lab host. */
  readonly target: string | undefined;
  /** DNS server to ask; undefined for the system's. */
  readonly dns: string | undefined;
  /** Whether that server is named by a configuration that nobody named. */
  readonly isDnsFound: boolean;
  readonly allowRemote: boolean;
  readonly profile: Profile;
  /** Undefined where nobody said. */
  readonly keyGroup: KeyGroupSetting | undefined;
  readonly macKey: Uint8Array | undefined;
  readonly seed: number;
  /** False where the seed was drawn for this run. */
  readonly seedGiven: boolean;
  readonly timeoutMs: number;
  readonly failOn: readonly Level[];
  readonly include: readonly string[];
  readonly exclude: readonly Exclusion[];
  readonly shard: ShardOption | null;
  readonly reports: ReportFiles;
  /** As in `--label`. */
  readonly label: string | undefined;
  readonly pcap: string | undefined;
}

type Options = Readonly<Record<string, unknown>>;

/** The time to live of a request (volume-activation-article). */
const DEFAULT_TIMEOUT_MS = 15_000;

/**
 * Reads the configuration and the files that the options name.
 * @param use `controls: false` for a verb that runs none of the configuration's programs
 * @throws UsageError, ConfigError, KeyFileError, WriteFileError
 */
export async function resolveSettings(
  options: Options,
  context: CliContext,
  use: { readonly controls: boolean } = { controls: true },
): Promise<Settings> {
  const loaded = await loadConfig(options['config'] as string | false | undefined, context.cwd);
  const { file, folder } = loaded;
  refuseOverwrittenConfig(options, loaded, context);
  const isFound = options['config'] === undefined && file !== null;
  const named = options['target'] as string | undefined;
  const config = use.controls
    ? forTarget(loaded.config, named, isFound, context)
    : { ...loaded.config, controls: undefined };
  const target = named ?? config.target;
  const dns = (options['dns'] as string | undefined) ?? config.dns;
  const isDnsFound = isFound && options['dns'] === undefined && dns !== undefined;
  if (named === undefined && target !== undefined)
    refuseFoundDns({ dns, isDnsFound, configFile: file }, lookedUp(target, false));
  // An embedded host has controls of its own.
  if (isFound && target !== undefined && options['quiet'] !== true)
    tellFound({ config, file, folder }, context);
  const profileFlag = options['profile'] as string | undefined;
  const profile = await findProfile(
    profileFlag ?? config.profile,
    profileFlag === undefined ? folder : context.cwd,
  );
  const keyFile = options['macKey'] as string | undefined;
  const seed = options['seed'] as number | undefined;
  return {
    config,
    configFile: file,
    configFolder: folder,
    target,
    dns,
    isDnsFound,
    allowRemote: options['allowRemote'] === true,
    profile,
    keyGroup:
      (options['keyGroup'] as KeyGroupSetting | undefined) ??
      config.keyGroup ??
      (config.grantsAny === true ? 'any' : undefined),
    macKey: keyFile === undefined ? undefined : await readKeyFile(resolve(context.cwd, keyFile)),
    seed: seed ?? freshSeed(),
    seedGiven: seed !== undefined,
    timeoutMs: (options['timeout'] as number | undefined) ?? DEFAULT_TIMEOUT_MS,
    failOn: (options['failOn'] as readonly Level[] | undefined) ?? DEFAULT_FAIL_ON,
    include: (options['include'] as readonly string[] | undefined) ?? [],
    exclude: [
      ...(config.exclude ?? []),
      ...excludedByFlag(options['exclude'] as readonly string[] | undefined),
    ],
    shard: (options['shard'] as ShardOption | undefined) ?? null,
    reports: await reportFiles(options, context),
    label: options['label'] as string | undefined,
    pcap: await fileOption(options['pcap'], '--pcap', context),
  };
}

function excludedByFlag(ids: readonly string[] = []): Exclusion[] {
  return ids.map((id) => ({ id, reason: 'excluded on the command line' }));
}

/** Files of the report, checked beforehand: nobody waits for a result that then cannot be kept. */
export async function reportFiles(options: Options, context: CliContext): Promise<ReportFiles> {
  const names = ['json', 'junit', 'html', 'markdown'] as const;
  checkStandardOutput([...names, 'pcap'], options);
  const files: { -readonly [K in keyof ReportFiles]: string | undefined } = {};
  for (const name of names) files[name] = await fileOption(options[name], `--${name}`, context);
  return files;
}

async function fileOption(value: unknown, option: string, context: CliContext): Promise<string | undefined> {
  if (value === undefined || value === '-') return value;
  if (value === '') throw new UsageError(`${option} needs the name of a file`);
  const file = resolve(context.cwd, value as string);
  await checkWritable(file);
  return file;
}
