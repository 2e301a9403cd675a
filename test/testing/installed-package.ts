import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { packageRoot } from '../../harness/support/package-root';

/** The package as users have it: packed, and installed in a folder that holds nothing else. */
export interface InstalledPackage {
  readonly tarball: string;
  /** The folder that it is installed in. */
  readonly folder: string;
  /** Runs a program there. @returns its standard output @throws where it does not exit 0 */
  readonly run: (program: string, ...args: string[]) => string;
}

let installed: InstalledPackage | undefined;

/** Packs and installs once for all tests of a process: either takes seconds. The folder goes with the process. */
export function installedPackage(): InstalledPackage {
  if (installed !== undefined) return installed;
  const folder = mkdtempSync(join(tmpdir(), 'kmsspec-package-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const run = (program: string, ...args: string[]): string =>
    execFileSync(program, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const tarball = pack(folder);
  run('npm', 'install', '--omit=dev', '--no-audit', '--no-fund', '--silent', tarball);
  return (installed = { tarball, folder, run });
}

/** Of the working tree, what no package is made from. */
const NOT_COPIED: ReadonlySet<string> = new Set(['.git', 'node_modules', 'dist', 'coverage', 'api']);

/**
 * Makes the tarball of this working tree, from a copy of it: packing builds anew, and other tests run what was built here meanwhile.
 * @returns its path in `folder`
 */
export function pack(folder: string): string {
  const root = packageRoot();
  const copy = mkdtempSync(join(tmpdir(), 'kmsspec-tree-'));
  try {
    const isPacked = (path: string): boolean => dirname(path) !== root || !NOT_COPIED.has(basename(path));
    cpSync(root, copy, { recursive: true, filter: isPacked });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
      cwd: copy,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return join(folder, packed.trim().split('\n').at(-1)!);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
