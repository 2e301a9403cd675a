import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { z } from 'zod';
import { packageRoot } from '../../harness/support/package-root';
import { formatNumber, judge } from '../section';
import { type Figure, median, spread } from './figures';

const figure = z.object({
  section: z.string(),
  what: z.string(),
  unit: z.string(),
  values: z.array(z.number()).min(1),
  goal: z.object({ atLeast: z.number().optional(), atMost: z.number().optional() }).optional(),
});

const benchRecord = z.object({
  /** Of the commit that was measured; `+` behind it where files were changed. */
  commit: z.string(),
  date: z.string(),
  node: z.string(),
  /** Processor, how many cores, and the load average of the last minute before the bench began. */
  machine: z.string(),
  load: z.number(),
  figures: z.array(figure),
});

/** What one call of `npm run bench` measured. */
export interface BenchRecord extends Omit<z.infer<typeof benchRecord>, 'figures'> {
  readonly figures: readonly Figure[];
}

const git = (...argv: string[]): string =>
  execFileSync('git', argv, { cwd: packageRoot(), encoding: 'utf8' }).trim();

/** Where and of what something is measured, told before it begins. */
export function measuredWhere(now: Date): Omit<BenchRecord, 'figures'> {
  const changed = git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '+';
  const [cpu] = cpus();
  return {
    commit: git('rev-parse', '--short=12', 'HEAD') + changed,
    date: now.toISOString(),
    node: process.version,
    machine: `${cpu?.model.trim() ?? 'unknown'}, ${cpus().length} cores`,
    load: Math.round(loadavg()[0]! * 10) / 10,
  };
}

/**
 * Reads what `--json` wrote, or the last of a history.
 * @throws Error that names the file and the field
 */
export function readRecord(file: string): BenchRecord {
  const records = readHistory(file);
  const last = records.at(-1);
  if (last === undefined)
    throw new Error(`${file} holds no measurement: it is written by "npm run bench -- --json ${file}"`);
  return last;
}

/** Every record of a file, the oldest first; none where there is no file. @throws Error that names the file and the field */
export function readHistory(file: string): BenchRecord[] {
  if (!existsSync(file)) return [];
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} is no JSON: ${(error as Error).message}`, { cause: error });
  }
  const read = z.array(benchRecord).safeParse(Array.isArray(value) ? value : [value]);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Error(`${file} is no record of the bench: ${issue?.path.join('.')}: ${issue?.message}`);
}

/** A line for each figure: median, spread over the runs, goal. */
export function figureLine({ what, unit, values, goal }: Figure): string {
  const middle = median(values);
  const around = values.length > 1 ? `+-${Math.round(100 * spread(values))} %` : '';
  const name = what.includes(': ') ? `    ${what.slice(what.lastIndexOf(': ') + 2)}` : what;
  return `  ${name.padEnd(66)} ${formatNumber(middle).padStart(10)} ${unit.padEnd(10)} ${around.padStart(7)}${judge(middle, goal)}`;
}
