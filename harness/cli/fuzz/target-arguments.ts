import { resolve } from 'node:path';
import { type GivenOption, targetWords } from '../options/given-options';
import type { Settings } from '../options/options';

/** The part of a command line by which another one, typed in any folder, comes to the same target. */
export function targetArguments(
  given: readonly GivenOption[],
  { macKey }: Readonly<Record<string, unknown>>,
  { configFile }: Pick<Settings, 'configFile'>,
  cwd: string,
): string[] {
  const args = targetWords(given, ['config', 'mac-key']);
  if (configFile !== null) args.push('--config', resolve(cwd, configFile));
  if (macKey !== undefined) args.push('--mac-key', resolve(cwd, macKey as string));
  return args;
}
