import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type FaultRow, faultRow, FAULTS_BESIDE_TIME } from '../harness/jobs/diff/testing/diff-lab';
import { packageRoot } from '../harness/support/package-root';

/**
 * `npm run diff-table [-- --resume | FAULT …]`: the lab host with each fault against the lab host without, a minute each, into docs/diff.md. Each row is
 * kept as it comes; `--resume` goes on with those of a run that was stopped, and faults that are named are tried again. Exit code 1 where less
 * than 95 of 100 are told.
 */

const MOST_MS = 60_000;
const AT_ONCE = 2;
const SHARE = 0.95;
const JOURNAL = join(packageRoot(), '.kmsspec', 'diff-table.jsonl');
const PAGE = join(packageRoot(), 'docs', 'diff.md');
const MARK = '<!-- faults -->';

function keptRows(): Map<string, FaultRow> {
  const words = process.argv.slice(2);
  if (words.length === 0) rmSync(JOURNAL, { force: true });
  mkdirSync(dirname(JOURNAL), { recursive: true });
  const lines = existsSync(JOURNAL) ? readFileSync(JOURNAL, 'utf8').split('\n') : [];
  const rows = lines.flatMap((line) => (line.endsWith('}') ? [JSON.parse(line) as FaultRow] : []));
  return new Map(rows.filter(({ name }) => !words.includes(name)).map((row) => [row.name, row]));
}

const cell = (text: string): string =>
  text.replaceAll('|', '\\|').replaceAll('\n', ' ').replace(/</g, '&lt;');

/** The table with its head, as the page has it. */
function tableOf(rows: readonly FaultRow[]): string {
  const told = rows.filter((row) => row.told);
  const short = told.filter(({ requests }) => requests! <= 3);
  return [
    `${told.length} of ${rows.length} faults that are not of time alone are told, ${short.length} of them in at most 3 requests.`,
    '',
    '| fault | requests | A is the clean host, B the other |',
    '|---|---|---|',
    ...rows.map(({ name, requests, words, told: is }) =>
      is
        ? `| ${name} | ${requests} | ${cell(words.slice(0, 300))} |`
        : `| ${name} | | not told within 60 s |`,
    ),
  ].join('\n');
}

async function main(): Promise<void> {
  const rows = keptRows();
  const left = FAULTS_BESIDE_TIME.filter(({ name }) => !rows.has(name));
  const lane = async (): Promise<void> => {
    for (let fault = left.shift(); fault !== undefined; fault = left.shift()) {
      const row = await faultRow(fault, MOST_MS);
      rows.set(row.name, row);
      appendFileSync(JOURNAL, `${JSON.stringify(row)}\n`);
      const verdict = row.told ? `${row.requests} requests` : 'NOT TOLD';
      console.log(
        `${rows.size}/${FAULTS_BESIDE_TIME.length}  ${row.name}: ${verdict}, ${row.seconds.toFixed(1)} s`,
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  const all = FAULTS_BESIDE_TIME.map(({ name }) => rows.get(name)!);
  const [before = '', , after = ''] = readFileSync(PAGE, 'utf8').split(MARK);
  writeFileSync(PAGE, `${before}${MARK}\n\n${tableOf(all)}\n\n${MARK}${after}`);
  process.exitCode = all.filter(({ told }) => told).length >= SHARE * all.length ? 0 : 1;
}

if (require.main === module) void main();
