import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../../../../support/package-root';
import { CoverageMap } from '../../../../target/coverage-end/coverage-map';
import { readCoverage } from '../../../../target/read-coverage';
import type { EdgeHits } from '../../feedback/novelty';

/** How many memory faults the host has. */
export const C_HOST_FAULTS = 10;

/** Builds the host with clang, and what tells of its code. @returns the program */
export function buildCHost(folder: string): string {
  const source = join(packageRoot(), 'harness', 'jobs', 'fuzz', 'testing', 'c-host', 'host.c');
  const guards = join(packageRoot(), 'docs', 'coverage', 'guards.c');
  const build = (...words: string[]): void => void execFileSync('clang', ['-O1', ...words], { cwd: folder });
  build('-fsanitize-coverage=trace-pc-guard', '-c', source, '-o', 'host.o');
  build('-c', guards, '-o', 'guards.o');
  build('host.o', 'guards.o', '-lpthread', '-o', 'host');
  return join(folder, 'host');
}

export interface CHost {
  readonly port: number;
  /** It has died. */
  readonly isDead: boolean;
  /** What it ran since the last time. */
  readonly coverage: () => Promise<EdgeHits>;
  close(): Promise<void>;
}

/** Starts it with one of its faults; 0 for none. */
export async function startCHost(program: string, fault: number): Promise<CHost> {
  const file = `${program}.${fault}.map`;
  const child: ChildProcess = spawn(program, [String(fault)], {
    env: { ...process.env, KMSSPEC_COVERAGE: file },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const over = once(child, 'exit');
  const [said] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  const map = new CoverageMap(file);
  return {
    port: Number(/\d+$/.exec(said)![0]),
    get isDead() {
      return child.exitCode !== null || child.signalCode !== null;
    },
    coverage: () => {
      const hits = readCoverage(map.take());
      return typeof hits === 'string' ? Promise.reject(new Error(hits)) : Promise.resolve(hits);
    },
    async close() {
      child.kill('SIGKILL');
      await over;
      map.close();
    },
  };
}
