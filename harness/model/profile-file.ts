import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse, YAMLError } from 'yaml';
import { z } from 'zod';
import { UsageError } from '../usage-error';
import { DEFAULT_PROFILE, type Profile, PROFILES, type ProfileName } from './profile';

const days = z.number().min(0).max(3650);

/** A profile as a file has it: every switch, named as in `Profile`. */
export const profileSchema = z.strictObject({
  name: z.string().min(1).max(80),
  countsVirtualMachines: z.boolean(),
  failedRenewalRetryHours: z.number().positive().max(8760),
  discoveryUsesPriorityAndWeight: z.boolean(),
  initialGraceDays: z.strictObject({ client: days, server: days }),
  countSurvivesRestart: z.boolean(),
}) satisfies z.ZodType<Profile>;

/** A profile file has half a dozen lines. */
const MAX_FILE_BYTES = 1 << 16;

/**
 * The profile of this name, or the one in this file (YAML); the default one where nothing is named.
 * @throws UsageError where there is neither, or the file is no profile
 */
export function loadProfile(nameOrFile: string | undefined, cwd: string): Profile {
  if (nameOrFile === undefined) return DEFAULT_PROFILE;
  if (Object.hasOwn(PROFILES, nameOrFile)) return PROFILES[nameOrFile as ProfileName];
  return parseProfile(readText(nameOrFile, cwd), nameOrFile);
}

function readText(file: string, cwd: string): string {
  const known = Object.keys(PROFILES).join(', ');
  let text: Buffer;
  try {
    text = readFileSync(resolve(cwd, file));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UsageError(
      `profile ${file}: neither a known profile (${known}) nor a file that can be read (${code})`,
    );
  }
  if (text.length > MAX_FILE_BYTES)
    throw new UsageError(`profile ${file}: ${text.length} bytes are no profile`);
  return text.toString('utf8');
}

/** @throws UsageError with the line, or the field, that is wrong */
export function parseProfile(text: string, file: string): Profile {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 0 });
  } catch (error) {
    if (!(error instanceof YAMLError) && !(error instanceof ReferenceError)) throw error;
    throw new UsageError(`profile ${file}: ${error.message.split('\n', 1)[0]}`, { cause: error });
  }
  const checked = profileSchema.safeParse(value);
  if (checked.success) return checked.data;
  const { path, message } = checked.error.issues[0]!;
  const where = path.length > 0 ? path.join('.') : 'the whole of it';
  throw new UsageError(`profile ${file}: ${where}: ${message}`);
}
