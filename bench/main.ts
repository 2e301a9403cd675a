import { readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { packageRoot } from '../harness/support/package-root';
import { compareRecords, comparisonText } from './record/changes';
import { Figures } from './record/figures';
import { historyPage } from './record/history-page';
import { type BenchRecord, figureLine, measuredWhere, readHistory, readRecord } from './record/record';
import type { BenchSection } from './section';

const HISTORY = join(packageRoot(), 'docs', 'bench.json');
const TIMES = 5;

interface Options {
  readonly times?: number;
  readonly json?: string;
  readonly against?: string;
  readonly history?: boolean;
}

/**
 * `npm run bench [-- NAME …]`: every section, or those named, five times. Ratios are of two things measured in the same run, so that
 * they hold on another machine too. Exit code 1 where a section failed; a goal that is missed is marked and does not fail.
 */
async function main(names: readonly string[], options: Options): Promise<number> {
  const sections = findSections();
  const unknown = names.filter((name) => !sections.some((section) => section.name === name));
  if (unknown.length > 0) {
    const known = sections.map(({ name }) => name).join(', ');
    process.stderr.write(`bench: no section ${unknown.join(', ')}; there are ${known}\n`);
    return 2;
  }
  const before = options.against === undefined ? null : readRecord(options.against);
  const where = measuredWhere(new Date());
  const figures = new Figures();
  let failed = 0;
  for (const section of sections.filter(({ name, onlyByName }) =>
    names.length === 0 ? onlyByName !== true : names.includes(name),
  )) {
    if (!(await measure(section, options.times, figures))) failed++;
  }
  const record: BenchRecord = { ...where, figures: figures.all };
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(record, null, 1)}\n`);
  if (before !== null) process.stdout.write(`\n${comparisonText(compareRecords(before, record), before)}\n`);
  if (options.history === true) addToHistory(record);
  process.stdout.write(
    `\n${failed} sections failed, ${figures.missed} goals missed; load ${where.load} before\n`,
  );
  return failed > 0 ? 1 : 0;
}

/** Runs a section so many times; one that takes minutes once, unless more are asked for. */
async function measure(section: BenchSection, times: number | undefined, figures: Figures): Promise<boolean> {
  process.stdout.write(`\n${section.name}: ${section.title}\n`);
  try {
    for (let run = 0; run < (times ?? (section.onlyByName === true ? 1 : TIMES)); run++) {
      await section.run(figures.reportOf(section.name, (text) => process.stdout.write(`  ${text}\n`)));
    }
  } catch (error) {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stdout.write(`  FAILED: ${told}\n`);
    return false;
  } finally {
    for (const figure of figures.of(section.name)) process.stdout.write(`${figureLine(figure)}\n`);
  }
  return true;
}

/** One record a commit: what is measured again takes the place of what was. */
function addToHistory(record: BenchRecord): void {
  const history = [...readHistory(HISTORY).filter(({ commit }) => commit !== record.commit), record];
  writeFileSync(HISTORY, `${JSON.stringify(history, null, 1)}\n`);
  writeFileSync(HISTORY.replace(/json$/, 'html'), historyPage(history));
  process.stdout.write(`\nwritten: docs/bench.json and docs/bench.html, ${history.length} measurements\n`);
}

/** By require: ts-node compiles what is required, and an `import()` of a path would go past it. */
function findSections(): BenchSection[] {
  const load = createRequire(__filename);
  const files = readdirSync(__dirname).filter((file) => /^[\w-]+\.ts$/.test(file) && file !== 'main.ts');
  return files.sort().flatMap((file) => {
    const { section } = load(join(__dirname, file)) as { section?: BenchSection };
    return section === undefined ? [] : [section];
  });
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It is a whole number from 1.');
  return number;
}

void new Command('bench')
  .description('Measures kmsspec, each figure as the median of several runs, with its spread and its goal.')
  .argument('[names...]', 'sections; all but those that take minutes where none is named')
  .option('--times <n>', `runs of each section (default: ${TIMES}, 1 for those that take minutes)`, positive)
  .option('--json <file>', 'write what was measured')
  .option('--against <file>', 'tell what changed beyond noise since FILE, of --json, or docs/bench.json')
  .option('--history', 'add it to docs/bench.json, and draw docs/bench.html anew')
  .action(async (names: string[], options: Options) => process.exit(await main(names, options)))
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  });
