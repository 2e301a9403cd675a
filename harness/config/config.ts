import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { KEY_GROUPS } from '../../protocol';
import { readYamlFile } from './yaml-file';

/** What is read by itself from the working directory. */
export const CONFIG_FILE = 'kmsspec.yaml';

const text = z.string().min(1, 'must not be empty');
const command = z
  .array(z.string(), { error: 'expected a list of words, such as ["./ctl", "reset"]' })
  .min(1, 'needs at least the program')
  .refine((words) => words[0] !== '', 'needs a program as its first word');
/** A clock that is set by another time than asked for makes every judgement by age wrong. */
const clockCommand = command.refine((words) => words.some((word) => word.includes('{seconds}')), {
  error:
    'needs the word {seconds}, which stands for how far to advance, such as ["./ctl", "advance", "{seconds}"]',
});
const positive = z.number().positive();
/** What a host's interface takes (Operations Guide, WMI methods). */
const intervalMinutes = z.number().int().min(15).max(43_200);

const excluded = z.strictObject(
  { id: text, reason: text },
  { error: 'expected an entry such as { id: CNT-14, reason: "the host serves Windows only" }' },
);

/** All that a configuration can say; every key may be left out. */
export const configSchema = z.strictObject({
  target: text.optional(),
  profile: text.optional(),
  keyGroup: z
    .enum([...KEY_GROUPS, 'any'], { error: `expected one of ${KEY_GROUPS.join(', ')}, any` })
    .optional(),
  grantsAny: z.boolean().optional(),
  controls: z
    .strictObject({
      reset: command.optional(),
      restart: command.optional(),
      advanceClock: clockCommand.optional(),
    })
    .optional(),
  budgets: z
    .strictObject({
      p99Ms: positive.optional(),
      rate: positive.optional(),
      idleCloseSeconds: positive.optional(),
    })
    .optional(),
  intervals: z
    .strictObject({
      activationMinutes: intervalMinutes.optional(),
      renewalMinutes: intervalMinutes.optional(),
    })
    .optional(),
  domains: z.array(text).optional(),
  expectedHosts: z.array(text).optional(),
  dns: text.optional(),
  exclude: z.array(excluded).optional(),
});

export type Config = z.infer<typeof configSchema>;
export type Exclusion = z.infer<typeof excluded>;

export interface LoadedConfig {
  readonly config: Config;
  /** Null where there is none. */
  readonly file: string | null;
  /** What relative paths in it are relative to. */
  readonly folder: string;
}

/**
 * Reads the configuration that was named, else `kmsspec.yaml` of the working directory if there is one.
 * @throws ConfigError
 */
export async function loadConfig(named: string | undefined, cwd: string): Promise<LoadedConfig> {
  const file = named ?? CONFIG_FILE;
  const path = resolve(cwd, file);
  if (named === undefined && !existsSync(join(cwd, CONFIG_FILE)))
    return { config: {}, file: null, folder: cwd };
  return { config: await readYamlFile(path, configSchema), file: path, folder: dirname(path) };
}
