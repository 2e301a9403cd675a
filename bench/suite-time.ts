import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../harness/support/package-root';
import type { Result } from '../reports/results/result';
import { saidBy } from './fuzz-target';
import type { BenchReport, BenchSection } from './section';

const PROGRAM = join(packageRoot(), 'dist/harness/cli/main.js');
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

/** The whole suite against a host in a process of its own, behind controls that stay for the run. */
async function behindControls(): Promise<{ seconds: number; stdout: string }> {
  const host = spawn(process.execPath, [PROGRAM, 'host', '--port', '0', '--control', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const folder = mkdtempSync(join(tmpdir(), 'kmsspec-suite-time-'));
  try {
    const [port, control] = await saidBy(host, /listening on \S*:(\d+),.* controls on port (\d+)/);
    const config = join(folder, 'kmsspec.yaml');
    const command = [process.execPath, PROGRAM, 'ctl', control, '-'];
    const offers = ['reset', 'restart', 'advanceClock', 'observe'];
    const controls = { command, persistent: true, offers };
    writeFileSync(config, JSON.stringify({ target: `127.0.0.1:${port}`, controls }));
    return await timed(process.execPath, PROGRAM, 'run', '--quiet', '--json', '-', '--config', config);
  } finally {
    host.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of the results of a report those that came to a verdict; a good host is accused of nothing. */
function shown(report: string): number {
  const { results } = JSON.parse(report) as { results: Result[] };
  const failed = results.filter(({ outcome }) => outcome === 'failed');
  if (failed.length > 0)
    throw new Error(`a good host failed ${failed.map(({ id, message }) => `${id}: ${message}`).join('; ')}`);
  return results.filter(({ outcome }) => outcome === 'passed').length;
}

async function run(report: BenchReport): Promise<void> {
  const embedded = await timed(process.execPath, PROGRAM, 'run', '--quiet', '--json', '-');
  report.measured('kmsspec run, embedded host', embedded.seconds, 's', { atMost: 2.5 });
  report.measured('requirements that it shows', shown(embedded.stdout), '', { atLeast: 108 });
  const controlled = await behindControls();
  report.measured('a host behind persistent controls', controlled.seconds, 's', { atMost: 4 });
  report.measured('requirements that it shows there', shown(controlled.stdout), '');
  if (!existsSync(join(packageRoot(), 'node_modules/.bin/swc'))) return;
  const start = await timed('npm', 'start', '--silent');
  report.measured('npm start', start.seconds, 's', { atMost: 6 });
}

export const section: BenchSection = {
  name: 'suite-time',
  title: 'what a run of the suite takes on a good host, as everyone meets it first',
  run,
};
