import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type BenchSection, ConsoleReport } from './section';

/**
 * `npm run bench [-- NAME …]`: every section, or those named. Ratios are of two things measured in the same run, so that they hold on
 * another machine too. Exit code 1 where a section failed; a goal that is missed is marked and does not fail.
 */
async function main(names: readonly string[]): Promise<number> {
  const sections = findSections();
  const unknown = names.filter((name) => !sections.some((section) => section.name === name));
  if (unknown.length > 0) {
    const known = sections.map(({ name }) => name).join(', ');
    process.stderr.write(`bench: no section ${unknown.join(', ')}; there are ${known}\n`);
    return 2;
  }
  const report = new ConsoleReport((text) => process.stdout.write(text));
  let failed = 0;
  for (const section of sections.filter((one) =>
    names.length === 0 ? one.onlyByName !== true : names.includes(one.name),
  )) {
    process.stdout.write(`\n${section.name}: ${section.title}\n`);
    try {
      await section.run(report);
    } catch (error) {
      failed++;
      process.stdout.write(
        `  FAILED: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
    }
  }
  process.stdout.write(`\n${failed} sections failed, ${report.missed} goals missed\n`);
  return failed > 0 ? 1 : 0;
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

void main(process.argv.slice(2)).then((code) => process.exit(code));
