import { execFile, type ExecFileException } from 'node:child_process';
import { ControlFailure } from './control-failure';
import type { ControlName } from './control-name';

/** How long a control may take (contract: 30 seconds). */
export const CONTROL_TIMEOUT_MS = 30_000;
/** The most that a control may print. */
export const MAX_OUTPUT = 1 << 20;

export interface CommandOptions {
  /** Relative paths in the commands are looked up here. */
  readonly cwd?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** How long a persistent program may take to end when it is told to; 2000. */
  readonly endingMs?: number;
}

/** Runs a control's command line. @returns its standard output @throws ControlFailure */
export function runCommand(
  control: ControlName,
  command: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const [file = '', ...args] = command;
  const { timeoutMs = CONTROL_TIMEOUT_MS, cwd, signal } = options;
  return new Promise((resolve, reject) => {
    const settings = {
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: MAX_OUTPUT,
      shell: false,
    } as const;
    execFile(file, args, { ...settings, cwd, signal }, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      reject(new ControlFailure(control, command, problemOf(error, timeoutMs), stderr, { cause: error }));
    });
  });
}

function problemOf(error: ExecFileException, timeoutMs: number): string {
  if (error.name === 'AbortError') return 'was interrupted';
  if (error.killed === true) return `took longer than ${timeoutMs} ms`;
  const code: unknown = error.code;
  return typeof code === 'number' ? `ended with exit code ${code}` : cannotRun(code);
}

/** What the system said when it was to start a program, as words that complete "the control reset …". */
export function cannotRun(code: unknown): string {
  if (code === 'ENOENT') return 'cannot be run: there is no such program or working directory';
  if (code === 'EACCES') return 'cannot be run: it is not executable';
  return `failed (${String(code)})`;
}
