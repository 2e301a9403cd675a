import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import type { OutputFile } from '../../support/output-file';
import { openSafely, WriteFileError } from '../../support/safe-file';
import type { CliContext } from '../verb';
import { OutputStream } from './output-stream';

/** Text that is written piece by piece: to standard output, or aside of a file that it replaces at its end. */
export interface Output {
  /** Nobody takes what is written any more: going on is of no use where nothing else is written. */
  readonly isLost: boolean;
  /** @throws WriteFileError */
  write(text: string): Promise<void>;
  /** All is written: the file takes its place. @throws WriteFileError */
  finish(): Promise<void>;
  /** It came to nothing: what stood there before stays. */
  discard(): Promise<void>;
}

/** @param file `-` for standard output @throws WriteFileError */
export async function openOutput(file: string, context: Pick<CliContext, 'stdout' | 'cwd'>): Promise<Output> {
  if (file === '-') return new StreamOutput(context.stdout);
  const path = resolve(context.cwd, file);
  return new FileOutput(path, await openSafely(path));
}

class StreamOutput implements Output {
  constructor(private readonly stream: Writable) {}

  get isLost(): boolean {
    return this.stream instanceof OutputStream && this.stream.lost !== null;
  }

  async write(text: string): Promise<void> {
    if (!this.stream.write(text)) await once(this.stream, 'drain');
  }

  finish(): Promise<void> {
    return Promise.resolve();
  }

  discard(): Promise<void> {
    return Promise.resolve();
  }
}

/** Pieces are gathered up to this many characters: a write for each line would cost more than the line. */
const GATHERED = 1 << 16;

class FileOutput implements Output {
  readonly isLost = false;
  #pending = '';

  constructor(
    private readonly file: string,
    private readonly output: OutputFile,
  ) {}

  async write(text: string): Promise<void> {
    this.#pending += text;
    if (this.#pending.length >= GATHERED) this.#flush();
    return Promise.resolve();
  }

  async finish(): Promise<void> {
    this.#flush();
    this.#guard(() => this.output.commit());
    return Promise.resolve();
  }

  discard(): Promise<void> {
    this.output.discard();
    return Promise.resolve();
  }

  #flush(): void {
    const text = this.#pending;
    this.#pending = '';
    this.#guard(() => this.output.write(Buffer.from(text)));
  }

  #guard(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.output.discard();
      throw new WriteFileError(this.file, error);
    }
  }
}
