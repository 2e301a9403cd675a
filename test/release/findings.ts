import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { SCHEMA_FOLDER, SCHEMA_NAMES, schemaFile } from '../../harness/cli/reference/schema-files';
import { schemaText } from '../../harness/cli/reference/schemas';

/** What stands in the way of a release, each in a sentence that says what to do. */
export type Findings = readonly string[];

export interface Manifest {
  readonly name?: string;
  readonly version: string;
  readonly repository?: unknown;
  readonly bugs?: unknown;
}

/** The two fields that only the owner can fill in: where the sources are, and where a weakness is told. */
export const ownerFindings = ({ repository, bugs }: Manifest): Findings =>
  [
    repository === undefined ? 'package.json: fill in "repository": provenance is checked against it' : '',
    bugs === undefined ? 'package.json: fill in "bugs": SECURITY.md sends people there' : '',
  ].filter((finding) => finding !== '');

/** Whether the version is told the same everywhere. */
export function versionFindings(manifest: Manifest, lock: Manifest, changelog: string): Findings {
  const { version } = manifest;
  const findings: string[] = [];
  if (lock.version !== version)
    findings.push(`package-lock.json is of ${lock.version}, not ${version}: npm install --package-lock-only`);
  if (!changelog.includes(`\n## ${version}\n`))
    findings.push(`CHANGELOG.md has no section "## ${version}": write what users will notice`);
  const unreleased = changelog.split('\n## Unreleased\n')[1]?.split('\n## ')[0] ?? '';
  if (unreleased.trim() !== '')
    findings.push(`CHANGELOG.md has lines under "Unreleased": move them under "## ${version}"`);
  return findings;
}

/** A part of the package, as CycloneDX has it. */
export interface Component {
  readonly name: string;
  readonly version?: string;
  readonly licenses?: readonly {
    readonly license?: { readonly id?: string; readonly name?: string };
    readonly expression?: string;
  }[];
}

/** Licences under which what ships may be passed on with an MIT package: none asks for more than its notice. */
const LICENCES = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'PSF-2.0',
  'Python-2.0',
  'Zlib',
]);

/** Parts of the package whose licence nobody has looked at, or that have none. */
export const licenceFindings = (components: readonly Component[]): Findings =>
  components.flatMap(({ name, version = '', licenses = [] }) => {
    const told = licenses.map(({ license, expression }) => expression ?? license?.id ?? license?.name ?? '');
    // Of an alternative each side is looked at, though one would do.
    const words = told.flatMap((text) => text.replace(/[()]/g, '').split(/ (?:AND|OR) /));
    if (words.length > 0 && words.every((word) => LICENCES.has(word))) return [];
    const licence = told.join(', ') || 'none';
    return [
      `${name} ${version}: licence ${licence}: look whether it may ship, then add it to test/release/findings.ts`,
    ];
  });

/** Schemas that are not what the code gives. */
export const schemaFindings = (root: string): Findings =>
  SCHEMA_NAMES.filter((name) => {
    const file = join(root, SCHEMA_FOLDER, schemaFile(name));
    return !existsSync(file) || readFileSync(file, 'utf8') !== schemaText(name);
  }).map((name) => `${SCHEMA_FOLDER}/${schemaFile(name)} is not what the code gives: npm run schemas`);

const EXTERNAL = /^([a-z]+:|#)/;

/**
 * Links of pages in the package that lead to no file of it.
 * @param files of the tarball, without `package/`
 * @param read the text of one
 */
export function linkFindings(files: readonly string[], read: (file: string) => string): Findings {
  const there = new Set(files);
  const folders = new Set(files.flatMap(foldersOf));
  return files
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) =>
      [...read(file).matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, link = '']) => link)
        .filter((link) => !EXTERNAL.test(link))
        .map((link) => ({ link, target: normalize(join(dirname(file), link.replace(/#.*/, ''))) }))
        .filter(({ target }) => !there.has(target) && !folders.has(target.replace(/\/$/, '')))
        .map(
          ({ link }) =>
            `${file} links to ${link}, which is not in the package: name it in "files", or do not link`,
        ),
    );
}

const foldersOf = (file: string): string[] =>
  dirname(file) === '.' ? [] : [dirname(file), ...foldersOf(dirname(file))];

/** Files that have no business in the package: our tests, not those that examples show. */
export const contentFindings = (files: readonly string[]): Findings =>
  files
    .filter((file) => !/^examples\/own-tests\/\w+\.test\.mjs$/.test(file))
    .filter((file) => /\.(test|system)\.|\/testing\/|\.map$|(^|\/)\.|node_modules/.test(file))
    .map((file) => `the package holds ${file}: leave it out by "files"`);
