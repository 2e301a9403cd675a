import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** Makes the tarball of this working tree. @returns its path in `folder` */
export function pack(folder: string): string {
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: packageRoot(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return join(folder, packed.trim().split('\n').at(-1)!);
}
