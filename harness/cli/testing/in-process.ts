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
    readonly signal?: AbortSignal;
    /** Hears standard output as it comes. */
    readonly onOutput?: (text: string) => void;
    readonly isTerminal?: boolean;
  } = {},
): Promise<InProcessRun> {
  const stdout = new Collector(options.onOutput);
  const stderr = new Collector();
  const exitCode = await runCli(argv, {
    stdin: Readable.from([]),
    stdout,
    stderr,
    env: {},
    cwd: options.cwd ?? __dirname,
    isTerminal: options.isTerminal ?? false,
    color: false,
    signal: options.signal ?? new AbortController().signal,
  });
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

class Collector extends Writable {
  text = '';

  constructor(private readonly onText?: (text: string) => void) {
    super();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8');
    this.onText?.(chunk.toString('utf8'));
    done();
  }
}
