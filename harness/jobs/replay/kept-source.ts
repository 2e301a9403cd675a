import { randomUUID } from 'node:crypto';
import { closeSync, createReadStream, openSync, rmSync, type Stats, writeSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { CaptureError } from '../../../captures';

const MOST_HELD = 16 * 1024 * 1024;
const BLOCK = 256 * 1024;

/** What can be read more than once, from its start each time. */
export interface KeptSource {
  /** @throws CaptureError `changed` where it is not what was read before */
  read(): Promise<string | Readable>;
  /** Releases what was kept; it cannot be read any more. */
  close(): void;
}

/**
 * A file as it is, while it stays as it is; of a stream, a pipe or a device, which can be read once, what the first reading takes is kept.
 * @param name what errors call it
 * @param mostHeld octets of it that are held in memory; more go to a temporary file
 */
export async function keptSource(
  source: string | Readable,
  name: string,
  mostHeld = MOST_HELD,
): Promise<KeptSource> {
  if (typeof source !== 'string') return new KeptStream(source, name, mostHeld);
  const stats = await stat(source).catch(() => null);
  // What cannot be opened, and a folder, is told by who reads it.
  if (stats === null || stats.isDirectory())
    return { read: () => Promise.resolve(source), close: () => undefined };
  if (stats.isFile()) return new KeptFile(source, name, stats);
  return new KeptStream(createReadStream(source, { highWaterMark: BLOCK }), name, mostHeld);
}

/** A file may grow: whoever reads it again stops where the first reading did. */
class KeptFile implements KeptSource {
  #size: number;
  #modifiedMs: number;
  #readings = 0;

  constructor(
    private readonly path: string,
    private readonly name: string,
    private readonly first: Stats,
  ) {
    this.#size = first.size;
    this.#modifiedMs = first.mtimeMs;
  }

  async read(): Promise<string> {
    if (this.#readings++ === 0) return this.path;
    const now = await stat(this.path).catch(() => null);
    const isSame = now !== null && now.dev === this.first.dev && now.ino === this.first.ino;
    if (!isSame || now.size < this.#size || (now.size === this.#size && now.mtimeMs !== this.#modifiedMs))
      throw changed(this.name);
    [this.#size, this.#modifiedMs] = [now.size, now.mtimeMs];
    return this.path;
  }

  close(): void {
    // Nothing is held between readings.
  }
}

class KeptStream implements KeptSource {
  #held: Buffer[] = [];
  #octets = 0;
  #spool: Spool | null = null;
  #isTaken = false;

  constructor(
    private readonly stream: Readable,
    private readonly name: string,
    private readonly mostHeld: number,
  ) {}

  read(): Promise<string | Readable> {
    if (this.#spool !== null) return Promise.resolve(this.#spool.path);
    const chunks = this.#isTaken ? this.#held : this.#taking();
    this.#isTaken = true;
    return Promise.resolve(Readable.from(chunks, { objectMode: true }));
  }

  close(): void {
    this.#held = [];
    this.#spool?.remove();
  }

  /** What is read for the first time, kept while it is handed on. */
  async *#taking(): AsyncGenerator<Buffer, void, undefined> {
    for await (const chunk of this.stream) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer);
      this.#keep(bytes);
      yield bytes;
    }
  }

  #keep(bytes: Buffer): void {
    this.#octets += bytes.length;
    this.#held.push(bytes);
    if (this.#octets <= this.mostHeld) return;
    try {
      this.#spool ??= new Spool();
      for (const one of this.#held) this.#spool.write(one);
    } catch (error) {
      throw notKept(this.name, this.#octets, error);
    }
    this.#held = [];
  }
}

/** A temporary file that is gone when this process is, unless it is killed. */
class Spool {
  readonly path = join(tmpdir(), `kmsspec-${randomUUID()}.capture`);
  readonly #descriptor: number;
  readonly #atExit = (): void => this.remove();

  constructor() {
    this.#descriptor = openSync(this.path, 'wx', 0o600);
    process.once('exit', this.#atExit);
  }

  write(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
  }

  remove(): void {
    process.off('exit', this.#atExit);
    rmSync(this.path, { force: true });
    closeSync(this.#descriptor);
  }
}

/** What is read again is not what was read before. */
export function changed(file: string, cause?: unknown): CaptureError {
  const problem =
    'it changed while it was replayed: it is read more than once; replay a copy, or wait until nobody writes to it';
  return new CaptureError({ code: 'changed', file, offset: 0, problem }, { cause });
}

function notKept(file: string, offset: number, cause: unknown): CaptureError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const problem = `it is read more than once, and cannot be kept in ${tmpdir()} meanwhile (${why}); save it to a file, and replay that`;
  return new CaptureError({ code: 'unreadable', file, offset, problem }, { cause });
}
