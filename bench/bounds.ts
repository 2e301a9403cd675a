import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boundedRun } from '../harness/cli/testing/bounded-run';
import {
  LARGE_INPUTS,
  LARGEST,
  MOST_CPU_SECONDS,
  MOST_MB,
  nameOf,
  placeInput,
} from '../harness/cli/testing/large';

/**
 * `npm run bounds [-- 'PART OF A NAME' …]`: what every kind of input of 19.5 MB takes, each in a process of its own. Exit code 1 where one
 * takes more than is promised. The whole table takes half an hour.
 */
async function main(parts: readonly string[]): Promise<number> {
  let beyond = 0;
  const isNamed = (name: string): boolean => parts.length === 0 || parts.some((part) => name.includes(part));
  for (const input of LARGE_INPUTS.filter((one) => isNamed(nameOf(one)))) {
    const cwd = mkdtempSync(join(tmpdir(), 'kmsspec-bounds-'));
    try {
      const taken = await boundedRun(placeInput(input, LARGEST, cwd), { cwd, cpuSeconds: MOST_CPU_SECONDS });
      const isBeyond = taken.exitCode === null || taken.peakMb > MOST_MB;
      if (isBeyond) beyond++;
      const took = `${taken.cpuSeconds.toFixed(1).padStart(5)} s ${taken.peakMb.toFixed(0).padStart(4)} MB`;
      process.stdout.write(`${took} exit ${taken.exitCode}${isBeyond ? '  BEYOND' : ''}  ${nameOf(input)}\n`);
    } finally {
      rmSync(cwd, { recursive: true });
    }
  }
  process.stdout.write(`${beyond} beyond ${MOST_CPU_SECONDS} s of the processor or ${MOST_MB} MB\n`);
  return beyond > 0 ? 1 : 0;
}

if (require.main === module) void main(process.argv.slice(2)).then((code) => (process.exitCode = code));
