import { fork } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FAULTS } from '../harness/lab-host';
import { packageRoot } from '../harness/support/package-root';
import { isUnseen, killMatrixMarkdown, killRow, type KillRow } from '../scenarios/testing/kill-matrix';

/**
 * `npm run kill-matrix [-- --resume]`: every fault against every requirement, with controls and without, into docs/kill-matrix.md. Each row
 * is kept as it comes; `--resume` goes on with those of a run that was stopped. Exit code 1 where a fault survives.
 */

const faults = FAULTS.filter(({ deep }) => deep === undefined);
/** One process a core; in each, several hosts at once, since much of the time goes by waiting for those that are slow or dead. */
const PROCESSES = 2;
const AT_ONCE = 3;
const JOURNAL = join(packageRoot(), '.kmsspec', 'kill-matrix.jsonl');

/** A row as it is kept: the fault is found again by its name. */
type KeptRow = Omit<KillRow, 'fault'> & { readonly name: string };

/** A worker takes every so manyth of the faults that are left, and tells its parent of each. */
async function work(part: number, names: readonly string[]): Promise<void> {
  let next = part;
  const lane = async (): Promise<void> => {
    for (let index = next; index < names.length; index = next) {
      next += PROCESSES;
      const { fault, ...row } = await killRow(faults.find(({ name }) => name === names[index])!);
      process.send!({ ...row, name: fault.name } satisfies KeptRow);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  process.disconnect();
}

function keptRows(): Map<string, KeptRow> {
  if (!process.argv.includes('--resume')) rmSync(JOURNAL, { force: true });
  mkdirSync(dirname(JOURNAL), { recursive: true });
  const lines = existsSync(JOURNAL) ? readFileSync(JOURNAL, 'utf8').split('\n') : [];
  const rows = lines.flatMap((line) => (line.endsWith('}') ? [JSON.parse(line) as KeptRow] : []));
  return new Map(rows.map((row) => [row.name, row]));
}

async function lead(): Promise<void> {
  const rows = keptRows();
  const left = faults.filter(({ name }) => !rows.has(name)).map(({ name }) => name);
  const take = (row: KeptRow): void => {
    rows.set(row.name, row);
    appendFileSync(JOURNAL, `${JSON.stringify(row)}\n`);
    const verdict = row.missed.length === 0 ? 'caught' : `NOT CAUGHT by ${row.missed.join(', ')}`;
    const blind = row.blind.length > 0 ? `blind ${row.blind.length}` : `blind not: ${row.whyNotBlind}`;
    console.log(
      `${rows.size}/${faults.length}  ${row.name}: ${verdict}, ${row.failed.length} failed, ${blind}`,
    );
  };
  const worker = (part: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = fork(__filename, [String(part), ...left], { execArgv: ['-r', 'ts-node/register'] });
      child.on('message', (message) => take(message as KeptRow));
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))));
    });
  await Promise.all(Array.from({ length: PROCESSES }, (_, part) => worker(part)));
  const all = faults.map((fault): KillRow => ({ ...rows.get(fault.name)!, fault }));
  writeFileSync(join(packageRoot(), 'docs', 'kill-matrix.md'), killMatrixMarkdown(all));
  if (all.some((row) => row.missed.length > 0 || isUnseen(row))) process.exitCode = 1;
}

if (require.main === module) {
  const [part, ...names] = process.argv.slice(2);
  void (process.send === undefined ? lead() : work(Number(part), names));
}
