import { Writable } from 'node:stream';
import { StreamEscape } from '../../../reports/escape/stream';

export interface OutputStreamOptions {
  /** What it is called where it was lost. */
  readonly name: string;
  /** A terminal, where lines are coloured and drawn over. */
  readonly isTerminal: boolean;
}

/**
 * Standard output or standard error as verbs write to it. Text for people passes one escape, whoever it came from; data passes as it is.
 * Where its reader goes away or its disk is full, what is written to it is dropped: the run goes on to its reports and its exit code.
 */
export class OutputStream extends Writable {
  readonly #escape: StreamEscape;
  #lost: NodeJS.ErrnoException | null = null;
  #holdsData = false;

  constructor(
    private readonly stream: Writable,
    private readonly options: OutputStreamOptions,
  ) {
    super({ decodeStrings: false });
    this.#escape = new StreamEscape(options.isTerminal);
    stream.on('error', this.#lose);
  }

  /** Why not all that was written came out; null where it did. */
  get lost(): NodeJS.ErrnoException | null {
    return this.#lost;
  }

  get isTTY(): boolean | undefined {
    return (this.stream as { isTTY?: boolean }).isTTY;
  }

  get columns(): number | undefined {
    return (this.stream as { columns?: number }).columns;
  }

  get name(): string {
    return this.options.name;
  }

  /** From here on it holds a report or a capture, for programs: every octet as it is. */
  holdData(): void {
    this.#holdsData = true;
  }

  get holdsData(): boolean {
    return this.#holdsData;
  }

  /** Waits until all that was written came out or was lost. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#lost !== null) resolve();
      else this.write(Buffer.alloc(0), () => resolve());
    });
  }

  /** The stream itself is left to whoever made it. */
  release(): void {
    this.stream.off('error', this.#lose);
    // What it says later is of no consequence any more.
    this.stream.on('error', () => undefined);
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    if (this.#lost !== null) return done();
    const isText = typeof chunk === 'string' && !this.#holdsData;
    this.stream.write(isText ? this.#escape.next(chunk) : chunk, (error) => {
      if (error) this.#lose(error);
      done();
    });
  }

  readonly #lose = (error: NodeJS.ErrnoException): void => {
    this.#lost ??= error;
  };
}

/** Lines that are meant for a CI runner, and escaped for it already: octets pass unchanged. */
export const writeAsIs = (stream: Writable, text: string): boolean => stream.write(Buffer.from(text));
