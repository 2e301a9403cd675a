import { execFile, type ExecFileException } from 'node:child_process';

/** What can be done to a target beside the wire. One that is absent cannot be done. */
export interface TargetControls {
  /** Forgets records and capacity, as a new host. @throws ControlFailure */
  readonly reset?: () => Promise<void>;
  /** Restarts the service. @throws ControlFailure */
  readonly restart?: () => Promise<void>;
  /** Sets the host's clock ahead. @throws ControlFailure */
  readonly advanceClock?: (seconds: number) => Promise<void>;
}

export type ControlName = keyof TargetControls;

/** Command lines, a word each; run without a shell. `{seconds}` stands for the number of seconds. */
export interface ControlCommands {
  readonly reset?: readonly string[] | undefined;
  readonly restart?: readonly string[] | undefined;
  readonly advanceClock?: readonly string[] | undefined;
}

/** How long a control may take (contract: 30 seconds). */
export const CONTROL_TIMEOUT_MS = 30_000;
const MAX_OUTPUT = 1 << 20;
/** Lines of standard error that a reason tells. */
const SAID_LINES = 2;

/** A control that could not be carried out: what needed it is inconclusive. The message holds the beginning of its standard error. */
export class ControlFailure extends Error {
  constructor(
    readonly control: ControlName,
    readonly command: readonly string[],
    readonly problem: string,
    readonly stderr: string,
    options?: ErrorOptions,
  ) {
    const lines = stderr
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    const more = lines.length > SAID_LINES ? ' …' : '';
    const said = lines.length === 0 ? '' : `: ${lines.slice(0, SAID_LINES).join(' / ')}${more}`;
    super(`the control ${control} (${command.join(' ')}) ${problem}${said}`, options);
    this.name = 'ControlFailure';
  }
}

export interface CommandOptions {
  /** Relative paths in the commands are looked up here. */
  readonly cwd?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Controls that run the command lines of a configuration. */
export function commandControls(commands: ControlCommands, options: CommandOptions = {}): TargetControls {
  const { reset, restart, advanceClock } = commands;
  return {
    ...(reset === undefined ? {} : { reset: () => run('reset', reset, options) }),
    ...(restart === undefined ? {} : { restart: () => run('restart', restart, options) }),
    ...(advanceClock === undefined
      ? {}
      : {
          advanceClock: (seconds: number) =>
            run(
              'advanceClock',
              advanceClock.map((word) => word.replaceAll('{seconds}', String(seconds))),
              options,
            ),
        }),
  };
}

/** Names of the controls there are, as reports list them. */
export function controlNames(controls: TargetControls): string[] {
  return [
    ...(controls.reset === undefined ? [] : ['reset']),
    ...(controls.restart === undefined ? [] : ['restart']),
    ...(controls.advanceClock === undefined ? [] : ['clock']),
  ];
}

function run(control: ControlName, command: readonly string[], options: CommandOptions): Promise<void> {
  const [file = '', ...args] = command;
  const { timeoutMs = CONTROL_TIMEOUT_MS, cwd, signal } = options;
  return new Promise((resolve, reject) => {
    const settings = {
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: MAX_OUTPUT,
      shell: false,
    } as const;
    execFile(file, args, { ...settings, cwd, signal }, (error, _stdout, stderr) => {
      if (error === null) return resolve();
      reject(new ControlFailure(control, command, problemOf(error, timeoutMs), stderr, { cause: error }));
    });
  });
}

function problemOf(error: ExecFileException, timeoutMs: number): string {
  if (error.name === 'AbortError') return 'was interrupted';
  if (error.killed === true) return `took longer than ${timeoutMs} ms`;
  const code: unknown = error.code;
  if (code === 'ENOENT') return 'cannot be run: there is no such program or working directory';
  if (code === 'EACCES') return 'cannot be run: it is not executable';
  return typeof code === 'number' ? `ended with exit code ${code}` : `failed (${String(code)})`;
}
