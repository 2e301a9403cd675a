import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../harness/support/package-root';
import { processorSecondsOf } from '../../harness/testing/processor-time';
import type { Latency } from '../../reports/results/sections';
import type { CMeasure } from './c-peer';

const WARMUP_MS = 500;
const SAMPLE_MS = 20;
/** The part of the measured time whose processor time is told: neither starting nor ending is in it. */
const INNER = 0.8;

/** What a process has had of the processor by then. */
interface Sample {
  readonly ms: number;
  readonly cpuMs: number;
}

/**
 * `kmsspec load --max`, as it is installed, in a process of its own.
 * @param threads null to leave them to it
 * @throws Error where a request failed
 */
export async function runLoadProgram(
  port: number,
  words: readonly string[],
  threads: number | null,
  durationMs: number,
): Promise<CMeasure> {
  const folder = mkdtempSync(join(tmpdir(), 'kmsspec-load-'));
  const json = join(folder, 'load.json');
  const main = join(packageRoot(), 'dist', 'harness', 'cli', 'main.js');
  const all = [
    ...['load', '--target', `127.0.0.1:${port}`, '--max', '--no-config', '--quiet', '--json', json],
    ...['--duration', `${durationMs}ms`, '--warmup', `${WARMUP_MS}ms`, ...words],
    ...(threads === null ? [] : ['--threads', `${threads}`]),
  ];
  try {
    const child = spawn(process.execPath, [main, ...all], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const over = once(child, 'exit');
    const samples: Sample[] = [];
    const timer = setInterval(() => {
      if (child.exitCode === null)
        samples.push({ ms: performance.now(), cpuMs: 1000 * processorSecondsOf(child.pid!) });
    }, SAMPLE_MS);
    const [code] = (await over) as [number | null];
    clearInterval(timer);
    if (code !== 0) throw new Error(`kmsspec ${all.join(' ')} ended with ${code}`);
    const { latency } = JSON.parse(readFileSync(json, 'utf8')) as { latency: Latency };
    const { achievedPerSecond } = latency;
    return {
      perSecond: achievedPerSecond,
      cpuUs: (1e6 * busyShare(samples, durationMs)) / achievedPerSecond,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How many processors were busy at a time within the measured part, which ends shortly before the process does. */
function busyShare(samples: readonly Sample[], durationMs: number): number {
  const outer = (durationMs * (1 - INNER)) / 2;
  const endMs = (samples.at(-1)?.ms ?? 0) - outer;
  const within = samples.filter(({ ms }) => ms <= endMs && ms >= endMs - durationMs * INNER);
  // Of a short run, whose measured part is a few ticks, all of it tells more.
  return busyBetween(within[0], within.at(-1)) || busyBetween(samples[0], samples.at(-1));
}

function busyBetween(first: Sample | undefined, last: Sample | undefined): number {
  if (first === undefined || last === undefined || first === last) return 0;
  return (last.cpuMs - first.cpuMs) / (last.ms - first.ms);
}
