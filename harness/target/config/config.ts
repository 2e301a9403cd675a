import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CONFIG_FILE } from './config-name';
import type { Config } from './config-schema';

export interface LoadedConfig {
  readonly config: Config;
  /** Null where there is none. */
  readonly file: string | null;
  /** What relative paths in it are relative to. */
  readonly folder: string;
}

/** The command lines that a configuration may run, each once. */
export function programsOf({ controls = {} }: Config): string[] {
  const { offers: _offers, persistent: _persistent, ...commands } = controls;
  const lines = Object.values(commands).filter((words) => words !== undefined);
  return [...new Set(lines.map((words) => words.map(inShellWords).join(' ')))];
}

/** A word as it would be typed, so that one with a space is not taken for two. */
const inShellWords = (word: string): string =>
  /^[\w./:=@%+{},-]+$/.test(word) ? word : JSON.stringify(word);

/* eslint-disable @typescript-eslint/no-require-imports -- loaded where there is a configuration only: most runs have none, and start sooner */

/**
 * Reads the configuration that was named, else `kmsspec.yaml` of the working directory if there is one.
 * @param named false for none at all
 * @throws ConfigError
 */
export async function loadConfig(named: string | false | undefined, cwd: string): Promise<LoadedConfig> {
  if (named === false) return { config: {}, file: null, folder: cwd };
  const file = named ?? CONFIG_FILE;
  const path = resolve(cwd, file);
  if (named === undefined && !existsSync(join(cwd, CONFIG_FILE)))
    return { config: {}, file: null, folder: cwd };
  const { readYamlFile } = require('../../support/yaml-file') as typeof import('../../support/yaml-file');
  const { configSchema } = require('./config-schema') as typeof import('./config-schema');
  return { config: await readYamlFile(path, configSchema), file: path, folder: dirname(path) };
}
