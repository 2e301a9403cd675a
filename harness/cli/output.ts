import { once } from 'node:events';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { WriteFileError } from '../safe-file';
import type { CliContext } from './verb';

/** Text that is written piece by piece: to standard output, or aside of a file that it replaces at its end. */
export interface Output {
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
  const aside = `${path}.tmp-${process.pid}`;
  try {
    return new FileOutput(path, aside, await open(aside, 'w'));
  } catch (error) {
    throw new WriteFileError(path, error);
  }
}

class StreamOutput implements Output {
  constructor(private readonly stream: Writable) {}

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
  #pending = '';

  constructor(
    private readonly file: string,
    private readonly aside: string,
    private readonly handle: FileHandle,
  ) {}

  async write(text: string): Promise<void> {
    this.#pending += text;
    if (this.#pending.length >= GATHERED) await this.#flush();
  }

  async finish(): Promise<void> {
    await this.#flush();
    await this.#guard(async () => {
      await this.handle.sync();
      await this.handle.close();
      await rename(this.aside, this.file);
    });
  }

  async discard(): Promise<void> {
    await this.handle.close().catch(() => undefined);
    await rm(this.aside, { force: true }).catch(() => undefined);
  }

  async #flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    await this.#guard(() => this.handle.appendFile(text));
  }

  async #guard(write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (error) {
      await this.discard();
      throw new WriteFileError(this.file, error);
    }
  }
}
