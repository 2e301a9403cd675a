import type { Command } from 'commander';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isSameFile } from '../../support/output-place';
import { UsageError } from '../../support/usage-error';
import type { LoadedConfig } from '../../target/config';
import { CONFIG_FILE } from '../../target/config/config-name';
import type { CliContext } from '../verb';
import type { GivenOption } from './given-options';

/** Options that name a file that is written, of whatever verb, or the folder of what is. */
export const OUTPUTS = [
  'json',
  'junit',
  'html',
  'markdown',
  'csv',
  'pcap',
  'pcapDir',
  'out',
  'output',
  'history',
];

/** Why a command line that names two places for one output is refused, where the last would silently win; null where none does. */
export function outputGivenTwice(given: readonly GivenOption[]): string | null {
  const seen = new Set<string>();
  for (const { option, words } of given) {
    const name = option.attributeName();
    if (!OUTPUTS.includes(name) || words.length < 2) continue;
    if (seen.has(name)) return `${option.long ?? option.flags} is given twice; give one`;
    seen.add(name);
  }
  return null;
}

interface Named {
  /** As the command line has it. */
  readonly text: string;
  readonly path: string;
}

/**
 * Why outputs cannot be written as a command line names them: one is an input of the same command, or two are one file. Whatever names
 * a file that is there, and is no output, is taken for an input.
 * @returns null where each has its place
 */
export function overwrittenInput(command: Command, context: CliContext): string | null {
  const outputs = outputsOf(command.opts(), context);
  const inputs = inputsOf(command, context);
  for (const [i, output] of outputs.entries()) {
    const input = inputs.find(({ path }) => isSameFile(path, output.path));
    if (input !== undefined) return wouldOverwrite(output, input);
    const other = outputs.slice(0, i).find(({ path }) => isSameFile(path, output.path));
    if (other !== undefined) return `${other.text} and ${output.text} are one file; name another for one`;
  }
  return null;
}

/**
 * The same of what a configuration names: a profile, and programs.
 * @throws UsageError
 */
export function refuseOverwrittenConfig(
  options: Readonly<Record<string, unknown>>,
  { config, folder }: LoadedConfig,
  context: CliContext,
): void {
  const { profile = '', controls = {} } = config;
  const words = [profile, ...Object.values(controls).flatMap((value) => (Array.isArray(value) ? value : []))];
  const inputs = words
    .filter((word) => word !== '')
    .map((text) => ({ text, path: resolve(folder, text) }))
    .filter(({ path }) => existsSync(path));
  for (const output of outputsOf(options, context)) {
    const input = inputs.find(({ path }) => isSameFile(path, output.path));
    if (input !== undefined) throw new UsageError(wouldOverwrite(output, input));
  }
}

const wouldOverwrite = (output: Named, input: Named): string =>
  `${output.text} would overwrite ${input.text}, which this command reads; name another file`;

function outputsOf(options: Readonly<Record<string, unknown>>, context: CliContext): Named[] {
  return OUTPUTS.flatMap((name) => named(options[name], `--${name} ${String(options[name])}`, context));
}

function inputsOf(command: Command, context: CliContext): Named[] {
  const others = Object.entries(command.opts()).filter(([name]) => !OUTPUTS.includes(name));
  const given = [...command.args, ...others.map(([, value]) => value as unknown)];
  const usual = existsSync(join(context.cwd, CONFIG_FILE)) ? [CONFIG_FILE] : [];
  const all = [...given, ...usual]
    .flatMap((value) => named(value, String(value), context))
    .filter(({ path }) => existsSync(path));
  const { out } = command.opts<{ out?: string }>();
  // Of findings that are named by their ids.
  const found =
    out === undefined
      ? []
      : given.flatMap((id) => named(id, String(id), { ...context, cwd: resolve(context.cwd, out) }));
  return [...all, ...[...all, ...found].flatMap(readWithin)];
}

/** What is read of a folder: captures, scenarios, and what was found. */
const READ_WITHIN = /\.(?:pcap|pcapng|cap)(?:\.gz)?$|\.spec\.[cm]?[jt]s$|^(?:finding|difference)\.json$/;

function readWithin({ path, text }: Named): Named[] {
  try {
    return readdirSync(path)
      .filter((name) => READ_WITHIN.test(name))
      .map((name) => ({ text: join(text, name), path: join(path, name) }));
  } catch {
    return [];
  }
}

function named(value: unknown, text: string, { cwd, stdin }: CliContext): Named[] {
  if (typeof value !== 'string' || value === '' || value.includes('\0')) return [];
  if (value !== '-') return [{ text, path: resolve(cwd, value) }];
  const { fd } = stdin as { fd?: number };
  return text === '-' && fd !== undefined ? [{ text: 'standard input', path: `/dev/fd/${fd}` }] : [];
}
