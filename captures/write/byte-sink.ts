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

/** Of a capture that is written whole or not at all. */
const BLOCK = 1 << 16;

/** Hands on what is written in blocks, where a call of the system for each packet would cost more than the packet. */
export class BlockSink implements ByteSink {
  readonly #block = Buffer.allocUnsafe(BLOCK);
  #filled = 0;

  constructor(private readonly sink: ByteSink) {}

  write(bytes: Uint8Array): void {
    if (this.#filled + bytes.length > BLOCK) this.flush();
    if (bytes.length > BLOCK) return this.sink.write(bytes);
    this.#block.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  flush(): void {
    this.sink.write(this.#block.subarray(0, this.#filled));
    this.#filled = 0;
  }

  /** Leaves off: what was not flushed is lost. */
  close(): void {
    this.sink.close();
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
