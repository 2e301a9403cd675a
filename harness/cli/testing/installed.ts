import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../support/package-root';

export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly stdin?: Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** The process is sent SIGINT once its output matches. */
  readonly interruptWhen?: RegExp;
  /** A process that runs longer is killed, and the run fails. */
  readonly limitMs?: number;
}

let state: string | undefined;

/** What the program keeps for its user goes into a folder of the tests, and with them. */
function stateFolder(): string {
  if (state !== undefined) return state;
  const folder = mkdtempSync(join(tmpdir(), 'kmsspec-state-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return (state = folder);
}

/** Runs the built program as a user would, in a process of its own. `npm test` builds it first. */
export function runInstalled(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const child = spawn(process.execPath, [join(packageRoot(), 'dist/harness/cli/main.js'), ...args], {
    cwd: options.cwd ?? packageRoot(),
    env: {
      ...process.env,
      ...{ GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '', XDG_STATE_HOME: stateFolder() },
      ...options.env,
    },
    stdio: 'pipe',
  });
  return finished(child, args, options);
}

function finished(child: ChildProcess, args: readonly string[], options: RunOptions): Promise<Finished> {
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    const limitMs = options.limitMs ?? 60_000;
    const limit = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`kmsspec ${args.join(' ')} ran longer than ${limitMs} ms\n${stdout}\n${stderr}`));
    }, limitMs);
    let interrupted = false;
    const interruptWhere = (): void => {
      if (interrupted || options.interruptWhen?.test(stdout + stderr) !== true) return;
      // Once: a second signal ends a program that is busy ending.
      interrupted = true;
      child.kill('SIGINT');
    };
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      interruptWhere();
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      interruptWhere();
    });
    child.stdin?.on('error', () => undefined).end(options.stdin);
    child.on('error', reject);
    child.on('close', (exitCode) => {
      clearTimeout(limit);
      resolve({ exitCode, stdout, stderr });
    });
  });
}
