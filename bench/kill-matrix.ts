import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAULTS } from '../harness/lab-host';
import { packageRoot } from '../harness/package-root';
import { killMatrixMarkdown, killRow, type KillRow } from '../scenarios/testing/kill-matrix';

/** `npm run kill-matrix`: every fault against every requirement, into docs/kill-matrix.md. Exit code 1 where a fault survives. */

const faults = FAULTS.filter(({ deep }) => deep === undefined);
/** One process a core; in each, two hosts at once, since much of the time goes by waiting for those that are slow or dead. */
const PROCESSES = 2;
const AT_ONCE = 2;

interface Done {
  readonly index: number;
  readonly row: KillRow;
}

/** A worker takes every so manyth fault and tells its parent of each. */
async function work(part: number): Promise<void> {
  let next = part;
  const lane = async (): Promise<void> => {
    for (let index = next; index < faults.length; index = next) {
      next += PROCESSES;
      process.send!({ index, row: await killRow(faults[index]!) } satisfies Done);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  process.disconnect();
}

async function lead(): Promise<void> {
  const rows = new Array<KillRow>(faults.length);
  let count = 0;
  const take = ({ index, row }: Done): void => {
    rows[index] = row;
    const verdict = row.missed.length === 0 ? 'caught' : `NOT CAUGHT by ${row.missed.join(', ')}`;
    console.log(`${++count}/${faults.length}  ${row.fault.name}: ${verdict}, ${row.failed.length} failed`);
  };
  const worker = (part: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = fork(__filename, [String(part)], { execArgv: ['-r', 'ts-node/register'] });
      child.on('message', (message) => take(message as Done));
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))));
    });
  await Promise.all(Array.from({ length: PROCESSES }, (_, part) => worker(part)));
  writeFileSync(join(packageRoot(), 'docs', 'kill-matrix.md'), killMatrixMarkdown(rows));
  if (rows.some(({ missed }) => missed.length > 0)) process.exitCode = 1;
}

if (require.main === module) void (process.send === undefined ? lead() : work(Number(process.argv[2])));
