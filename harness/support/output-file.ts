import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  chownSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type OutputPlace, outputPlace } from './output-place';

/** How long a reader of a pipe may take nothing before an output to it is given up. */
const STUCK_MS = 10_000;
const PAUSE_MS = 5;
/** A name and what makes it another must fit into the 255 octets that file systems take. */
const MAX_NAME = 60;
const EXCLUSIVE = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY;
/** On Windows there are no FIFOs that a writer could wait for. */
const AT_ONCE = constants.O_WRONLY | ((constants as { O_NONBLOCK?: number }).O_NONBLOCK ?? 0);

/** Errors of a rename, or of an owner, for which the old file is written over instead: a mount point, another's file. */
const WRITE_OVER = new Set(['EPERM', 'EBUSY', 'EXDEV', 'EACCES']);

/**
 * One output. A regular file is written aside, under a name that nobody can have laid a trap at, and takes the old one's place when it
 * is whole, with its mode and owner; a link stays a link. A device, a FIFO or a descriptor is written as it comes.
 * Errors are those of the file system.
 */
export class OutputFile {
  readonly #aside: string | null;
  readonly #descriptor: number;
  #isOpen = true;

  /**
   * @param file where it goes
   * @param growing a new file is written where it will stand, so that a kill leaves what was written by then
   */
  constructor(file: string, { growing = false } = {}) {
    this.place = outputPlace(file);
    const { kind, path } = this.place;
    if (kind === 'file') accessSync(path, constants.W_OK);
    this.#aside = kind === 'file' || (kind === 'new' && !growing) ? asideOf(path) : null;
    if (kind === 'descriptor') this.#descriptor = this.place.descriptor;
    else if (kind === 'device') this.#descriptor = openSync(path, AT_ONCE);
    else this.#descriptor = openSync(this.#aside ?? path, EXCLUSIVE, 0o666);
  }

  readonly place: OutputPlace;

  /** Where the bytes go now. */
  get path(): string {
    return this.#aside ?? this.place.path;
  }

  write(bytes: Uint8Array): void {
    let deadline = 0;
    for (let at = 0; at < bytes.length; ) {
      try {
        at += writeSync(this.#descriptor, bytes, at);
        deadline = 0;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        deadline ||= Date.now() + STUCK_MS;
        if (Date.now() > deadline) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
      }
    }
  }

  /** All is written: the file takes its place. After an error what stood there before still does, and nothing is beside it. */
  commit(): void {
    try {
      if (this.#aside === null) return;
      fsyncSync(this.#descriptor);
      this.#close();
      this.#putInPlace(this.#aside);
    } finally {
      this.discard();
    }
  }

  /** It came to nothing. Also to be called after an error of `write`; does nothing behind `commit`. */
  discard(): void {
    this.#close();
    if (this.#aside !== null) rmSync(this.#aside, { force: true });
  }

  #putInPlace(aside: string): void {
    const { place } = this;
    try {
      if (place.kind === 'file') keepOwner(aside, place.stats);
      renameSync(aside, place.path);
    } catch (error) {
      if (place.kind !== 'file' || !WRITE_OVER.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      copyFileSync(aside, place.path);
    }
  }

  #close(): void {
    if (this.#isOpen && this.place.kind !== 'descriptor') closeSync(this.#descriptor);
    this.#isOpen = false;
  }
}

function asideOf(path: string): string {
  return join(dirname(path), `${basename(path).slice(0, MAX_NAME)}.tmp-${randomBytes(8).toString('hex')}`);
}

/** The owner first: a change of it takes bits of the mode away. */
function keepOwner(aside: string, { uid, gid, mode }: { uid: number; gid: number; mode: number }): void {
  if (process.platform !== 'win32') chownSync(aside, uid, gid);
  chmodSync(aside, mode & 0o7777);
}
