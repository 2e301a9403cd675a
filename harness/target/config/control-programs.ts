import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { Config } from './config-schema';
import { ConfigError } from '../../support/config-error';

export interface ControlSettings {
  readonly config: Config;
  /** Null where there is no configuration file. */
  readonly configFile: string | null;
  readonly configFolder: string;
}

/**
 * Looks whether the program of each control is there and may be run, before a run relies on it.
 * @throws ConfigError naming the file and the key
 */
export function checkControlPrograms(settings: ControlSettings, path = process.env['PATH'] ?? ''): void {
  // What Windows takes for a program hangs on more than its name: there it is left to the first call.
  if (process.platform === 'win32') return;
  for (const [control, words] of Object.entries(settings.config.controls ?? {})) {
    if (!Array.isArray(words) || control === 'offers') continue;
    const [program] = words as readonly string[];
    if (program === undefined) continue;
    const problem = problemOf(program, settings.configFolder, path);
    if (problem === null) continue;
    const file = settings.configFile ?? 'the configuration';
    throw new ConfigError({ file, line: null, path: `controls.${control}`, problem });
  }
}

/** Why a program cannot be run in that folder, as `execvp` looks for it; null where it can. */
function problemOf(program: string, folder: string, path: string): string | null {
  const named = JSON.stringify(program);
  const states = candidates(program, folder, path).map(stateOf);
  if (states.includes('runs')) return null;
  if (states.includes('not executable'))
    return `${named} is not executable: chmod +x, or name its interpreter`;
  return program.includes('/')
    ? `there is no program ${resolve(folder, program)}: relative paths begin at the configuration's folder`
    : `there is no program ${named} on the PATH: name it with its folder, such as "./ctl"`;
}

const candidates = (program: string, folder: string, path: string): string[] =>
  program.includes('/')
    ? [resolve(folder, program)]
    : path.split(delimiter).map((entry) => join(resolve(folder, entry), program));

function stateOf(file: string): 'runs' | 'not executable' | 'missing' {
  try {
    if (!statSync(file).isFile()) return 'not executable';
    accessSync(file, constants.X_OK);
    return 'runs';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'not executable' : 'missing';
  }
}
