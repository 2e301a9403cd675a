import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isSameFile } from '../../support/output-place';
import { CONFIG_FILE } from '../../target/config/config-name';
import type { CliContext } from '../verb';
import type { GivenOption } from './given-options';

/** Options that name a file that is written, of whatever verb. */
const OUTPUTS = ['json', 'junit', 'html', 'markdown', 'csv', 'pcap', 'pcapDir', 'out', 'output', 'history'];

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
  const outputs = outputsOf(command, context);
  const inputs = inputsOf(command, context);
  for (const [i, output] of outputs.entries()) {
    const input = inputs.find(({ path }) => isSameFile(path, output.path));
    if (input !== undefined)
      return `${output.text} would overwrite ${input.text}, which this command reads; name another file`;
    const other = outputs.slice(0, i).find(({ path }) => isSameFile(path, output.path));
    if (other !== undefined) return `${other.text} and ${output.text} are one file; name another for one`;
  }
  return null;
}

function outputsOf(command: Command, context: CliContext): Named[] {
  const options = command.opts();
  return OUTPUTS.flatMap((name) => named(options[name], `--${name} ${String(options[name])}`, context));
}

function inputsOf(command: Command, context: CliContext): Named[] {
  const others = Object.entries(command.opts()).filter(([name]) => !OUTPUTS.includes(name));
  const given = [...command.args, ...others.map(([, value]) => value as unknown)];
  const usual = existsSync(join(context.cwd, CONFIG_FILE)) ? [CONFIG_FILE] : [];
  return [...given, ...usual]
    .flatMap((value) => named(value, String(value), context))
    .filter(({ path }) => existsSync(path));
}

function named(value: unknown, text: string, { cwd, stdin }: CliContext): Named[] {
  if (typeof value !== 'string' || value === '' || value.includes('\0')) return [];
  if (value !== '-') return [{ text, path: resolve(cwd, value) }];
  const { fd } = stdin as { fd?: number };
  return text === '-' && fd !== undefined ? [{ text: 'standard input', path: `/dev/fd/${fd}` }] : [];
}
