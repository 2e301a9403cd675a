import { execFileSync, spawnSync } from 'node:child_process';
import { join, relative } from 'node:path';
import { packageRoot } from '../harness/support/package-root';

/** `npm run test:related FILE …`: the tests that import a file, however far up; those of documents and examples run with `npm test`. */

interface Cruise {
  readonly modules: readonly { readonly source: string }[];
}

const ROOT = packageRoot();
/** Where tests stand. */
export const TESTED_FOLDERS = ['protocol', 'captures', 'harness', 'scenarios', 'reports', 'test'];

/** The test files from which an import leads to one of `files`, paths from the root. */
export function relatedTests(files: readonly string[]): string[] {
  const exactly = files.map((file) => file.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  const cruise = JSON.parse(
    execFileSync(
      process.execPath,
      [
        join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
        '--no-config',
        '--ts-pre-compilation-deps',
        '--do-not-follow',
        'node_modules',
        '--reaches',
        `^(${exactly})$`,
        '--output-type',
        'json',
        ...TESTED_FOLDERS,
      ],
      { cwd: ROOT, maxBuffer: 1 << 28, encoding: 'utf8' },
    ),
  ) as Cruise;
  return cruise.modules
    .map(({ source }) => source)
    .filter((source) => source.endsWith('.test.ts'))
    .sort();
}

function main(names: readonly string[]): number {
  if (names.length === 0) {
    console.error('name the files that changed: npm run test:related -- protocol/pdu.ts');
    return 2;
  }
  const tests = relatedTests(names.map((name) => relative(ROOT, join(process.cwd(), name))));
  console.log(`${tests.length} test files import ${names.join(', ')}`);
  if (tests.length === 0) return 0;
  const mocha = join(ROOT, 'node_modules/mocha/bin/mocha.js');
  const args = [
    '--no-config',
    '--require',
    'ts-node/register',
    '--parallel',
    '--jobs',
    '2',
    '--timeout',
    '20000',
    ...tests,
  ];
  return spawnSync(process.execPath, [mocha, ...args], { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
}

if (require.main === module) process.exitCode = main(process.argv.slice(2));
