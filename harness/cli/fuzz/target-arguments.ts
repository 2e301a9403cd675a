import { resolve } from 'node:path';
import type { Settings } from '../options';

/** Options that name a target or say how it is asked, in the order of a command line. */
const FLAGS = [
  ['target', '--target'],
  ['dns', '--dns'],
  ['allowRemote', '--allow-remote'],
  ['profile', '--profile'],
  ['keyGroup', '--key-group'],
  ['timeout', '--timeout'],
  ['fault', '--fault'],
  ['ndr64', '--ndr64'],
  ['checkClock', '--check-clock'],
  ['checkMac', '--check-mac'],
] as const;

/** The part of a command line by which another one, typed in any folder, comes to the same target. */
export function targetArguments(
  options: Readonly<Record<string, unknown>>,
  { configFile }: Pick<Settings, 'configFile'>,
  cwd: string,
): string[] {
  const args = FLAGS.flatMap(([name, flag]) => argumentsOf(flag, options[name]));
  if (configFile !== null) args.push('--config', resolve(cwd, configFile));
  const macKey = options['macKey'] as string | undefined;
  if (macKey !== undefined) args.push('--mac-key', resolve(cwd, macKey));
  return args;
}

function argumentsOf(flag: string, value: unknown): string[] {
  if (value === undefined || value === false) return [];
  if (value === true) return [flag];
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.flatMap((one) => [flag, String(one)]);
}
