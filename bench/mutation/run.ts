import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../harness/support/package-root';
import { testStrengthMarkdown } from './page';
import { type Reason, unmatched } from './reasons';
import { type FileResult, isKilled, keptResult, resultPath, type Survivor, survivorsOf } from './results';
import { runStryker } from './stryker';

/**
 * `npm run mutation [-- FILE …]`: mutation tests of protocol/ and harness/model/, or of the files named, into docs/test-strength.md.
 * Exit code 1 where fewer than the goal are killed, or where a survivor has no reason.
 */

/** Per cent of all mutants. */
const GOAL = 90;
/** Bytes of source in one run of Stryker: a few minutes. */
const RUN_SIZE = 30_000;

const root = packageRoot();
const kept = join(root, '.stryker-tmp', 'results');

function mutatedFiles(): string[] {
  return ['protocol', 'harness/model']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
        (name) => `${folder}/${name}`,
      ),
    )
    .filter((file) => /\.ts$/.test(file) && !/\.test\.ts$|\/testing\/|\/index\.ts$/.test(file))
    .sort();
}

/** Files in runs of a few minutes each. */
function runsOf(files: readonly string[]): string[][] {
  const runs: string[][] = [];
  let size = Infinity;
  for (const file of files) {
    const bytes = statSync(join(root, file)).size;
    if (size + bytes > RUN_SIZE) {
      runs.push([]);
      size = 0;
    }
    runs.at(-1)!.push(file);
    size += bytes;
  }
  return runs;
}

function main(named: readonly string[]): number {
  const files = mutatedFiles();
  const unknown = named.filter((file) => !files.includes(file));
  if (unknown.length > 0) return complain(`no file to mutate: ${unknown.join(', ')}`);
  mkdirSync(kept, { recursive: true });
  for (const run of runsOf(named.length === 0 ? files : named)) {
    const results = runStryker(root, run);
    for (const file of run) keep(file, results.get(file) ?? withoutMutants(file));
  }
  return judge(files);
}

/** Stryker says nothing of a file in which there is nothing to mutate. */
const withoutMutants = (file: string): FileResult => ({
  source: readFileSync(join(root, file), 'utf8'),
  mutants: [],
  seconds: 0,
});

function keep(file: string, result: FileResult): void {
  writeFileSync(resultPath(kept, file), JSON.stringify(result));
}

function judge(files: readonly string[]): number {
  const results = new Map(files.map((file) => [file, keptResult(kept, root, file)]));
  const missing = files.filter((file) => results.get(file) === undefined);
  const complete = new Map(
    [...results].filter((entry): entry is [string, FileResult] => entry[1] !== undefined),
  );
  const reasons = JSON.parse(readFileSync(join(__dirname, 'survivors.json'), 'utf8')) as Reason[];
  const survivors = [...complete].flatMap(([file, result]) => survivorsOf(file, result));
  const { unexplained, outdated } = unmatched(survivors, reasons, (file) => complete.has(file));
  for (const one of unexplained) show('survives without a reason', one);
  for (const one of outdated) show('is killed or gone, its reason is out of date', one);
  const mutants = [...complete.values()].flatMap((result) => result.mutants);
  const killed = (100 * mutants.filter(isKilled).length) / mutants.length;
  process.stdout.write(`${mutants.length} mutants, ${killed.toFixed(2)} % killed\n`);
  if (unexplained.length > 0 || outdated.length > 0) return complain('survivors and reasons do not match');
  const page = testStrengthMarkdown(complete, missing, reasons, GOAL);
  writeFileSync(join(root, 'docs', 'test-strength.md'), page);
  if (missing.length > 0) return complain(`not run as they are now: ${missing.join(' ')}`);
  if (killed < GOAL) return complain(`fewer than ${GOAL} % are killed`);
  return 0;
}

/** In the form of survivors.json, to be taken over. */
function show(what: string, survivor: Survivor): void {
  process.stdout.write(`${what}:\n${JSON.stringify(survivor)}\n`);
}

function complain(text: string): number {
  process.stderr.write(`mutation: ${text}\n`);
  return 1;
}

if (require.main === module) process.exitCode = main(process.argv.slice(2));
