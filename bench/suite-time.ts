import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startLabHost } from '../harness/lab-host';
import { startControlServer } from '../harness/lab-host/control';
import { packageRoot } from '../harness/support/package-root';
import type { Result } from '../reports/results/result';
import { openTarget } from '../harness/target';
import { runOn } from '../scenarios/testing/lab-run';
import type { BenchReport, BenchSection } from './section';

const PROGRAM = join(packageRoot(), 'dist/harness/cli/main.js');
/** Of an answer, as `run` has it. */
const TIMEOUT_MS = 15_000;
const DEADLINE_MS = 300_000;

/** A command of the package's folder: the seconds that it takes, and what it says. @throws Error where it fails */
function timed(command: string, ...args: string[]): Promise<{ seconds: number; stdout: string }> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(command, args, {
      cwd: packageRoot(),
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: DEADLINE_MS,
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.on('error', reject);
    child.on('close', (code) => {
      const seconds = (performance.now() - startedAt) / 1000;
      if (code === 0) resolve({ seconds, stdout });
      else reject(new Error(`${[command, ...args].join(' ')} ended with ${code}: ${stdout.slice(-500)}`));
    });
  });
}

/** The whole suite against a host of this process behind controls that stay for the run. @throws Error where it accuses that host */
async function behindControls(): Promise<{ seconds: number; results: readonly Result[] }> {
  const host = await startLabHost();
  const control = await startControlServer(host, 0);
  const target = await openTarget({
    address: `127.0.0.1:${host.port}`,
    controls: { command: [process.execPath, PROGRAM, 'ctl', String(control.port), '-'], persistent: true },
  });
  try {
    const startedAt = performance.now();
    const { results } = await runOn(target, { timeoutMs: TIMEOUT_MS });
    return { seconds: (performance.now() - startedAt) / 1000, results };
  } finally {
    await target.close();
    await control.close();
    await host.close();
  }
}

/** Of the results of a run those that came to a verdict; a good host is accused of nothing. */
function shown(results: readonly Result[]): number {
  const failed = results.filter(({ outcome }) => outcome === 'failed');
  if (failed.length > 0)
    throw new Error(`a good host failed ${failed.map(({ id, message }) => `${id}: ${message}`).join('; ')}`);
  return results.filter(({ outcome }) => outcome === 'passed').length;
}

async function run(report: BenchReport): Promise<void> {
  const embedded = await timed(process.execPath, PROGRAM, 'run', '--quiet', '--json', '-');
  report.measured('kmsspec run, embedded host', embedded.seconds, 's', { atMost: 2.5 });
  const { results } = JSON.parse(embedded.stdout) as { results: Result[] };
  report.measured('requirements that it shows', shown(results), '', { atLeast: 108 });
  const controlled = await behindControls();
  report.measured('a host behind persistent controls', controlled.seconds, 's', { atMost: 4 });
  report.measured('requirements that it shows there', shown(controlled.results), '');
  if (!existsSync(join(packageRoot(), 'node_modules/.bin/swc'))) return;
  const start = await timed('npm', 'start', '--silent');
  report.measured('npm start', start.seconds, 's', { atMost: 6 });
}

export const section: BenchSection = {
  name: 'suite-time',
  title: 'what a run of the suite takes on a good host, as everyone meets it first',
  run,
};
