import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DEFAULT_PROFILE, type Profile, PROFILES } from '../../model/profile';
import { suggest } from '../../support/suggest';
import { UsageError } from '../../support/usage-error';

/* eslint-disable @typescript-eslint/no-require-imports -- loaded where a profile is a file only */

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
  if (existsSync(path)) {
    const { readYamlFile } = require('../../support/yaml-file') as typeof import('../../support/yaml-file');
    const { profileSchema } = require('./profile-file') as typeof import('./profile-file');
    return readYamlFile(path, profileSchema);
  }
  const names = Object.keys(PROFILES);
  const meant = suggest(named, names);
  const hint = meant === undefined ? `${names.join(', ')}, or a file` : `did you mean ${meant}?`;
  throw new UsageError(
    `there is no profile ${JSON.stringify(named)}, neither by name nor as a file: ${hint}`,
  );
}
