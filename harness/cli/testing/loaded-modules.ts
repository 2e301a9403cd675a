import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../support/package-root';

/** Tells at its end what a program has loaded. */
const TELL = `process.on('exit', () => process.stderr.write(JSON.stringify(Object.keys(require.cache))));`;

/** The files of the modules that a command line of the built program loads; it writes nothing else to standard error. */
export async function loadedModules(argv: readonly string[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'kmsspec-start-'));
  try {
    const tell = join(folder, 'tell.cjs');
    await writeFile(tell, TELL);
    const main = join(packageRoot(), 'dist/harness/cli/main.js');
    const { stderr } = await promisify(execFile)(process.execPath, ['-r', tell, main, ...argv], {
      cwd: folder,
    });
    return JSON.parse(stderr) as string[];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
