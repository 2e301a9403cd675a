import { dirname } from 'node:path';
import type { Reason } from './reasons';
import { type FileResult, isKilled } from './results';

/**
 * docs/test-strength.md, from the results of every file and the reasons of those that survive.
 * @param missing files without a result for the code that they hold now
 */
export function testStrengthMarkdown(
  results: ReadonlyMap<string, FileResult>,
  missing: readonly string[],
  reasons: readonly Reason[],
  goal: number,
): string {
  const minutes = [...results.values()].reduce((sum, { seconds }) => sum + seconds, 0) / 60;
  const all = [...results.values()].flatMap(({ mutants }) => mutants);
  return `${INTRODUCTION}
${all.length} mutants, ${score(all)} % killed (goal: ${goal} %), ${all.length - all.filter(isKilled).length} survive. The run took ${minutes.toFixed(0)} minutes on one core.

| folder | mutants | killed | of them by a time limit | score |
| --- | --- | --- | --- | --- |
${[...byFolder(results)].map(([folder, mutants]) => row(folder, mutants)).join('\n')}

| file | mutants | killed | of them by a time limit | score |
| --- | --- | --- | --- | --- |
${[...results]
  .filter(([, { mutants }]) => mutants.length > 0)
  .map(([file, { mutants }]) => row(file, mutants))
  .join('\n')}
${missing.map((file) => `| ${file} | not run as it is now | | | |\n`).join('')}
## Survivors

Each is listed with its reason in \`bench/mutation/survivors.json\`. One without a reason, and a reason whose mutant is gone, fail the
run.

${reasons.map(section).join('\n\n')}
`;
}

const INTRODUCTION = `# Strength of the tests

Mutation tests: Stryker changes the code of \`protocol/\` and \`harness/model/\` in one place, and the tests beside it must notice. Written
by \`npm run mutation\`; names of files behind it (\`npm run mutation -- protocol/mac.ts\`) run those anew and keep the results of the others.
It is no part of \`npm test\`. The run fails where fewer than the goal are killed.

All of Stryker's mutators are on, strings included: texts of errors and of the field reference are checked like values. Each mutant
meets freshly loaded modules. The 50,000 mutated PDUs of \`protocol/mutation.test.ts\` have no part in it, and random tests run with
one seed, so that the result is the same each time.
`;

function byFolder(results: ReadonlyMap<string, FileResult>): Map<string, FileResult['mutants']> {
  const folders = new Map<string, FileResult['mutants']>();
  for (const [file, { mutants }] of results) {
    folders.set(dirname(file), [...(folders.get(dirname(file)) ?? []), ...mutants]);
  }
  return folders;
}

/** A percentage, rounded down: 99.96 is not 100. */
const score = (mutants: FileResult['mutants']): string =>
  (Math.floor((1000 * mutants.filter(isKilled).length) / mutants.length) / 10).toFixed(1);

const row = (name: string, mutants: FileResult['mutants']): string => {
  const timeouts = mutants.filter(({ status }) => status === 'Timeout').length;
  return `| ${name} | ${mutants.length} | ${mutants.filter(isKilled).length} | ${timeouts} | ${score(mutants)} % |`;
};

function section({ reason, survivors }: Reason): string {
  const rows = survivors.map(({ file, line, change }) => `| ${file} | ${code(line)} | ${code(change)} |`);
  return `${reason}\n\n| file | line | mutant |\n| --- | --- | --- |\n${rows.join('\n')}`;
}

/** Code in a cell of a table. */
const code = (text: string): string => `\`\` ${text.replaceAll('|', '\\|')} \`\``;
