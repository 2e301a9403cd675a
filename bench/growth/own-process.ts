import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const MAIN = join(__dirname, '..', '..', 'dist', 'harness', 'cli', 'main.js');
const MOST_OUTPUT = 1 << 26;

/** What a `kmsspec` took, in a process of its own, from its start to its end. */
export interface Taken {
  /** Of all its threads, ms. */
  readonly cpuMs: number;
  /** Resident at its most, MB. */
  readonly peakMb: number;
  /** Its report (`--json`). */
  readonly report: unknown;
}

/** Told as the process ends: nothing of it shows in what it took. */
const PRELOAD = `if (require('node:worker_threads').isMainThread) process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  require('node:fs').writeFileSync(process.env.KMSSPEC_TOLD, JSON.stringify({ cpu: userCPUTime + systemCPUTime, rss: maxRSS }));
});`;

/**
 * Runs `kmsspec ARGV` from the compiled package.
 * @param folder for what it writes; its current folder
 * @throws where it ends with another exit code than 0
 */
export async function runInOwnProcess(argv: readonly string[], folder: string): Promise<Taken> {
  const [preload, told, json] = ['told.cjs', 'told.json', 'report.json'].map((name) => join(folder, name));
  writeFileSync(preload!, PRELOAD);
  const all = ['-r', preload!, MAIN, ...argv, '--quiet', '--json', json!];
  const env = { ...process.env, KMSSPEC_TOLD: told! };
  try {
    await promisify(execFile)(process.execPath, all, { cwd: folder, env, maxBuffer: MOST_OUTPUT });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(
      `kmsspec ${argv.join(' ')}: ${(stdout ?? '').slice(-1000)}${(stderr ?? '').slice(-1000)}`,
      { cause: error },
    );
  }
  const { cpu, rss } = JSON.parse(readFileSync(told!, 'utf8')) as { cpu: number; rss: number };
  return {
    cpuMs: cpu / 1000,
    peakMb: rss / 1024,
    report: JSON.parse(readFileSync(json!, 'utf8')) as unknown,
  };
}
