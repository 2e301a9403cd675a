import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { ControlFailure } from './control-failure';
import type { ControlName } from './control-name';
import { cannotRun, CONTROL_TIMEOUT_MS, type CommandOptions, MAX_OUTPUT } from './run-command';

/** How long a program may take to end once its standard input is closed, and then once it was asked to. */
const ENDING_MS = 2000;
/** What is kept of its standard error. */
const KEPT_STDERR = 4096;
const QUOTED = 60;

/**
 * A program that carries out controls for a whole run: `reset`, `restart`, `advance SECONDS` or `observe` in a line on its standard input,
 * `ok`, `ok {…}` or `error …` in a line on its standard output. It is started when it is first needed, and again after it died.
 */
export class Coprocess {
  #child: RunningChild | null = null;
  #last: Promise<unknown> = Promise.resolve();
  /** Why the program was given up while nobody asked it; the next who does is told. */
  #problem: string | null = null;

  constructor(
    private readonly command: readonly string[],
    private readonly options: CommandOptions = {},
  ) {}

  /** Carries out one control, behind those that were asked for before. @param seconds for advanceClock, as digits @returns what stands behind `ok` @throws ControlFailure */
  ask(control: ControlName, seconds?: string): Promise<string> {
    const asked = this.#last.then(() => this.#ask(control, seconds));
    this.#last = asked.catch(() => undefined);
    return asked;
  }

  /** Ends the program: its standard input is closed, and where that is not enough, it is told to end and killed. */
  async close(): Promise<void> {
    await this.#last;
    await this.#child?.end(this.options.endingMs ?? ENDING_MS);
  }

  async #ask(control: ControlName, seconds: string | undefined): Promise<string> {
    const { timeoutMs = CONTROL_TIMEOUT_MS, signal } = this.options;
    const fail = (problem: string, said = ''): never => {
      throw new ControlFailure(control, this.command, problem, said);
    };
    if (signal?.aborted === true) fail('was interrupted');
    const problem = this.#problem;
    this.#problem = null;
    if (problem !== null) fail(problem);
    this.#child ??= this.#start();
    const child = this.#child;
    const line = control === 'advanceClock' ? `advance ${seconds}` : control;
    const answer = await child.exchange(line, timeoutMs, signal);
    if (answer.kind === 'failed') {
      // What it would still answer, it would answer to the next question.
      child.kill();
      this.#forget(child);
      return fail(answer.problem, child.stderr);
    }
    const match = /^(ok|error)(?:\s+(.*))?$/.exec(answer.line);
    if (match === null) {
      child.kill();
      this.#forget(child);
      const quoted = JSON.stringify(answer.line.slice(0, QUOTED));
      return fail(`answered ${quoted} to the line ${line}: it is to answer ok or error and a reason`);
    }
    const rest = match[2] ?? '';
    return match[1] === 'ok' ? rest : fail(`answered error ${rest}`.trimEnd());
  }

  #start(): RunningChild {
    const child = new RunningChild(this.command, this.options.cwd, (problem) => {
      this.#forget(child);
      this.#problem ??= problem;
    });
    return child;
  }

  #forget(child: RunningChild): void {
    if (this.#child === child) this.#child = null;
  }
}

type LineAnswer =
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'failed'; readonly problem: string };

/** One life of the program. */
class RunningChild {
  stderr = '';
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #gone: Promise<void>;
  #received = '';
  #waiting: ((answer: LineAnswer) => void) | null = null;

  /** @param onUnasked told once it ended, or spoke, while nobody waited: with why it cannot be relied on, null where it simply ended */
  constructor(
    command: readonly string[],
    cwd: string | undefined,
    private readonly onUnasked: (problem: string | null) => void,
  ) {
    const [file = '', ...args] = command;
    this.#child = spawn(file, args, { cwd, shell: false, stdio: 'pipe' });
    const { stdin, stdout, stderr } = this.#child;
    this.#gone = new Promise((resolve) => {
      this.#child.once('error', (error: NodeJS.ErrnoException) => {
        this.#fail(cannotRun(error.code));
        resolve();
      });
      this.#child.once('close', (code, signalName) => {
        this.#fail(
          `ended ${code === null ? `by ${signalName}` : `with exit code ${code}`} before it answered`,
        );
        resolve();
      });
    });
    // What it does not read shows as its end.
    stdin.on('error', () => undefined);
    stdout.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(0, KEPT_STDERR);
    });
    // A program that was forgotten keeps nobody's process alive: its standard input ends with that.
    for (const handle of [this.#child, stdin, stdout, stderr]) (handle as { unref?(): void }).unref?.();
  }

  /** Sends a line, and waits for one. */
  exchange(line: string, timeoutMs: number, signal: AbortSignal | undefined): Promise<LineAnswer> {
    this.stderr = '';
    return new Promise((resolve) => {
      const settle = (answer: LineAnswer): void => {
        clearTimeout(deadline);
        signal?.removeEventListener('abort', interrupt);
        this.#waiting = null;
        resolve(answer);
      };
      const interrupt = (): void => settle({ kind: 'failed', problem: 'was interrupted' });
      const deadline = setTimeout(
        () => settle({ kind: 'failed', problem: `took longer than ${timeoutMs} ms` }),
        timeoutMs,
      );
      signal?.addEventListener('abort', interrupt, { once: true });
      this.#waiting = settle;
      this.#child.stdin.write(`${line}\n`);
    });
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async end(withinMs: number): Promise<void> {
    this.#child.stdin.end();
    if (await this.#goesWithin(withinMs)) return;
    this.#child.kill('SIGTERM');
    if (await this.#goesWithin(withinMs)) return;
    this.kill();
    await this.#gone;
  }

  async #goesWithin(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), ms);
    });
    const went = await Promise.race([this.#gone.then(() => true), late]);
    clearTimeout(timer);
    return went;
  }

  #take(text: string): void {
    this.#received += text;
    const end = this.#received.indexOf('\n');
    if (end < 0) {
      if (this.#received.length > MAX_OUTPUT)
        this.#fail(`answered ${MAX_OUTPUT} characters without an end of line`);
      return;
    }
    const line = this.#received.slice(0, end).trim();
    const more = this.#received.slice(end + 1);
    this.#received = '';
    const answer = this.#waiting;
    if (answer !== null) answer({ kind: 'line', line });
    if (answer === null || more !== '') this.#spokeUnasked(answer === null ? line : more);
  }

  #spokeUnasked(text: string): void {
    this.kill();
    const quoted = JSON.stringify(text.slice(0, QUOTED));
    this.onUnasked(`said ${quoted} that nobody asked for: it is to answer each line with one`);
  }

  #fail(problem: string): void {
    if (this.#waiting === null) this.onUnasked(null);
    else this.#waiting({ kind: 'failed', problem });
  }
}
