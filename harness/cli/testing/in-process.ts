import { Readable, Writable } from 'node:stream';
import { runCli } from '../program';

export interface InProcessRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process, as `kmsspec ARGV` would be: quicker than a process of its own, and stopped by a signal of the test's. */
export async function runInProcess(
  argv: readonly string[],
  options: {
    readonly cwd?: string;
    /** What comes on standard input; nothing where it is left out. */
    readonly stdin?: readonly string[];
    readonly signal?: AbortSignal;
    /** Hears standard output as it comes. */
    readonly onOutput?: (text: string) => void;
    /** Hears standard error as it comes. */
    readonly onError?: (text: string) => void;
    /** Hears standard output that is no text. */
    readonly onBytes?: (bytes: Buffer) => void;
    readonly isTerminal?: boolean;
    /** Takes the place of standard output, of which nothing is collected then. */
    readonly stdout?: Writable;
    /** Nothing of the environment of the tests is handed on. */
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<InProcessRun> {
  const stdout = new Collector(options.onOutput, options.onBytes);
  const stderr = new Collector(options.onError);
  const exitCode = await runCli(argv, {
    stdin: Readable.from(options.stdin ?? []),
    stdout: options.stdout ?? stdout,
    stderr,
    env: options.env ?? {},
    cwd: options.cwd ?? __dirname,
    isTerminal: options.isTerminal ?? false,
    color: false,
    signal: options.signal ?? new AbortController().signal,
  });
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

class Collector extends Writable {
  text = '';

  constructor(
    private readonly onText?: (text: string) => void,
    private readonly onBytes?: (bytes: Buffer) => void,
  ) {
    super();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.onBytes?.(chunk);
    this.text += chunk.toString('utf8');
    this.onText?.(chunk.toString('utf8'));
    done();
  }
}
