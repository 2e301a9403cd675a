import { closeSync, openSync, writeSync } from 'node:fs';

/** Where a capture is written to. */
export interface ByteSink {
  write(bytes: Uint8Array): void;
  close(): void;
}

/**
 * A file that is written at once, not through a stream's buffer: what was written survives a kill of the process.
 * @throws the error of the file system where it cannot be created or written
 */
export class FileSink implements ByteSink {
  readonly #descriptor: number;
  #open = true;

  constructor(path: string) {
    this.#descriptor = openSync(path, 'w');
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
  }

  close(): void {
    if (this.#open) closeSync(this.#descriptor);
    this.#open = false;
  }
}

/** Keeps what is written, for tests and for captures that go on to somewhere else. */
export class MemorySink implements ByteSink {
  readonly #pieces: Uint8Array[] = [];

  write(bytes: Uint8Array): void {
    this.#pieces.push(Uint8Array.from(bytes));
  }

  close(): void {
    // Nothing is held open.
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }
}
