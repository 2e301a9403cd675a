import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../harness/support/package-root';
import { JOBS, MAIN, nodeOf, runNode, VERSIONS } from './versions';

/** `npm run test:nodes [VERSION…]`: the main job on each version of Node, all tests of one process on the newest. */
async function main(): Promise<void> {
  const asked = process.argv.slice(2);
  const folder = mkdtempSync(join(tmpdir(), 'kmsspec-nodes-'));
  let failed = 0;
  const attempt = async (
    node: string,
    args: readonly string[],
    said: RegExp,
    what: string,
    cwd = folder,
  ): Promise<void> => {
    const { code, stdout, stderr } = await runNode(node, args, cwd);
    const isGood = code === 0 && said.test(stdout);
    if (!isGood) failed++;
    console.log(`${isGood ? 'ok    ' : 'FAILED'} ${what}`);
    if (!isGood) console.log(`exit code ${code}\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`);
  };
  try {
    for (const version of asked.length > 0 ? asked : VERSIONS) {
      const node = await nodeOf(version, folder);
      for (const [words, said] of JOBS)
        await attempt(node, [MAIN, ...words], said, `${version}: ${words.join(' ')}`);
      if (asked.length > 0 || version !== VERSIONS.at(-1)) continue;
      const mocha = ['node_modules/mocha/bin/mocha.js', '--ignore', '**/*.program.test.ts'];
      await attempt(node, mocha, /passing/, `${version}: all tests of one process`, packageRoot());
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  process.exitCode = failed === 0 ? 0 : 1;
}

void main();
