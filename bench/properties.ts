import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../harness/support/package-root';
import { freshSeed } from '../harness/support/random';
import { TESTED_FOLDERS } from '../test/related';

/**
 * `npm run properties [-- ROUNDS [SEED]]`: the tests that draw their inputs, so many rounds, 10 where left out, each with a seed of its own;
 * `npm test` draws the same each time. Exit code 1 where a round fails; its seed is told.
 */

const ROOT = packageRoot();

function propertyTests(): string[] {
  return TESTED_FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => join(folder, name)),
  )
    .filter((path) =>
      /\bfc\.(assert|check|sample)\(|\bTEST_SEED\b/.test(readFileSync(join(ROOT, path), 'utf8')),
    )
    .sort();
}

function main(rounds: number, first: number): void {
  const tests = propertyTests();
  const mocha = [join(ROOT, 'node_modules/mocha/bin/mocha.js'), '--no-config', '--reporter', 'dot'];
  const required = ['ts-node/register', join(ROOT, 'test/testing/property-seed.ts')];
  const args = [
    ...mocha,
    ...required.flatMap((path) => ['--require', path]),
    '--timeout',
    '120000',
    ...tests,
  ];
  const failed: number[] = [];
  for (let seed = first; seed < first + rounds; seed++) {
    console.log(`KMSSPEC_SEED=${seed}: ${tests.length} files`);
    const env = { ...process.env, KMSSPEC_SEED: String(seed) };
    if (spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit', env }).status !== 0)
      failed.push(seed);
  }
  console.log(
    `${rounds} rounds, ${failed.length} failed${failed.length > 0 ? `: ${failed.join(', ')}` : ''}`,
  );
  if (failed.length > 0) process.exitCode = 1;
}

if (require.main === module) {
  const [rounds = 10, first = freshSeed()] = process.argv.slice(2).map(Number);
  main(rounds, first);
}
