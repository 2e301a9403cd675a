import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { DEFAULT_PROFILE, type Profile, PROFILES } from '../model/profile';
import { UsageError } from '../usage-error';
import { suggest } from './suggest';
import { readYamlFile } from './yaml-file';

const days = z.number().int().min(0).max(3650);

/** A profile as a file: every switch, so that nothing is decided in silence. */
export const profileSchema = z.strictObject({
  name: z.string().min(1).max(64),
  countsVirtualMachines: z.boolean(),
  failedRenewalRetryHours: z.number().positive(),
  discoveryUsesPriorityAndWeight: z.boolean(),
  initialGraceDays: z.strictObject({ client: days, server: days }),
  countSurvivesRestart: z.boolean(),
}) satisfies z.ZodType<Profile>;

/**
 * The profile of that name, or of that file; the default where none is named.
 * @param folder what a relative path is relative to
 * @throws UsageError, ConfigError
 */
export async function findProfile(named: string | undefined, folder: string): Promise<Profile> {
  if (named === undefined) return DEFAULT_PROFILE;
  const known = Object.entries(PROFILES).find(([name]) => name === named);
  if (known !== undefined) return known[1];
  const path = resolve(folder, named);
  if (existsSync(path)) return readYamlFile(path, profileSchema);
  const names = Object.keys(PROFILES);
  const meant = suggest(named, names);
  const hint = meant === undefined ? `${names.join(', ')}, or a file` : `did you mean ${meant}?`;
  throw new UsageError(
    `there is no profile ${JSON.stringify(named)}, neither by name nor as a file: ${hint}`,
  );
}
