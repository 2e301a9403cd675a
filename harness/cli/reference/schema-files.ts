import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** Where the package keeps the published schemas, from its root. */
export const SCHEMA_FOLDER = 'reports/schema';

/** Every kind of file that has one, and the version of its format. */
const VERSIONS = {
  config: { version: 1, of: 'kmsspec.yaml' },
  baseline: { version: 1, of: 'files of --baseline' },
  fleet: { version: 1, of: 'files of fleet --plan' },
  profile: { version: 1, of: 'files of --profile' },
  history: { version: 1, of: 'files of check-history' },
  report: { version: 1, of: 'what --json writes' },
  vectors: { version: 1, of: 'files of vectors --out' },
  explanation: { version: 1, of: 'what explain --json writes' },
} as const;

export type SchemaName = keyof typeof VERSIONS;

export const SCHEMA_NAMES = Object.keys(VERSIONS) as SchemaName[];

/** What files a schema is for, in a few words. */
export const schemaSubject = (name: SchemaName): string => VERSIONS[name].of;

export const schemaVersion = (name: SchemaName): number => VERSIONS[name].version;

/** The name of its file in `SCHEMA_FOLDER`. */
export const schemaFile = (name: SchemaName): string => `kmsspec.${name}.${schemaVersion(name)}.json`;

/**
 * The comment by which editors find the schema of a YAML file.
 * @param folder where the file stands: the path leads to the package from there, if it is installed in that folder or above
 */
export function schemaComment(name: SchemaName, folder: string): string {
  const path = `${packageFrom(folder)}/${SCHEMA_FOLDER}/${schemaFile(name)}`;
  return `# yaml-language-server: $schema=${path}`;
}

function packageFrom(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    const found = join(at, 'node_modules', 'kmsspec');
    if (existsSync(found)) {
      const path = relative(folder, found).split(sep).join('/');
      return path.startsWith('.') ? path : `./${path}`;
    }
    if (dirname(at) === at) return './node_modules/kmsspec';
  }
}
