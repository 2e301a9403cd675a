import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { DEFAULT_PROFILE, type Profile, PROFILES } from '../../model/profile';
import { UsageError } from '../../support/usage-error';
import { suggest } from '../../support/suggest';
import { meaning } from '../../support/meaning';
import { readYamlFile } from '../../support/yaml-file';

const days = z.number().int().min(0).max(3650);

/** A profile as a file: every switch, so that nothing is decided in silence. */
export const profileSchema = z
  .strictObject({
    name: meaning(z.string().min(1).max(64), 'what reports call it'),
    countsVirtualMachines: meaning(z.boolean(), 'whether virtual machines are counted'),
    failedRenewalRetryHours: meaning(z.number().positive(), 'hours until a failed renewal is tried again'),
    discoveryUsesPriorityAndWeight: meaning(z.boolean(), 'whether SRV priority and weight count'),
    initialGraceDays: z.strictObject({
      client: meaning(days, 'days of initial grace of a client system'),
      server: meaning(days, 'days of initial grace of a server'),
    }),
    countSurvivesRestart: meaning(z.boolean(), 'whether the count survives a restart'),
  })
  .meta({
    title: 'kmsspec --profile',
    description: 'Where the sources disagree: docs/profiles.md',
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
