import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileResult, Mutant } from './results';

const CONFIGURATION = {
  plugins: ['./bench/mutation/plugin.cjs'],
  testRunner: 'in-process',
  coverageAnalysis: 'perTest',
  ignorePatterns: ['.stryker-tmp', 'bench', 'examples', 'dist', 'scenarios', 'docs/images'],
  concurrency: 1,
  // Loops without end are found by their hits; a slow machine must not look like one.
  timeoutMS: 60_000,
  reporters: ['json'],
  warnings: { slow: false },
};

interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

/**
 * Tests all mutants of these files.
 * @throws Error where Stryker does not come to its end
 */
export function runStryker(root: string, files: readonly string[]): Map<string, FileResult> {
  // Runs at the same time must not meet.
  const folder = `.stryker-tmp/run-${process.pid}`;
  const report = join(root, folder, 'report.json');
  const configuration = {
    ...CONFIGURATION,
    mutate: files,
    tempDirName: `${folder}/work`,
    jsonReporter: { fileName: report },
  };
  mkdirSync(join(root, folder), { recursive: true });
  try {
    writeFileSync(join(root, folder, 'config.json'), JSON.stringify(configuration));
    const start = performance.now();
    const stryker = join(root, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
    const { status } = spawnSync(process.execPath, [stryker, 'run', `${folder}/config.json`], {
      cwd: root,
      stdio: 'inherit',
    });
    if (status !== 0) throw new Error(`Stryker ended with exit code ${status}: ${files.join(', ')}`);
    const seconds = (performance.now() - start) / 1000;
    return sharedTime(JSON.parse(readFileSync(report, 'utf8')) as Report, seconds);
  } finally {
    rmSync(join(root, folder), { recursive: true, force: true });
  }
}

/** Each file's share of the time is that of its mutants. */
function sharedTime({ files }: Report, seconds: number): Map<string, FileResult> {
  const all = Object.values(files).reduce((sum, { mutants }) => sum + mutants.length, 0);
  return new Map(
    Object.entries(files).map(([file, { source, mutants }]) => [
      file,
      { source, mutants, seconds: (seconds * mutants.length) / all },
    ]),
  );
}
