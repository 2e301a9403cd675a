import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OutputFile } from './output-file';
import { outputPlace } from './output-place';
import { UsageError } from './usage-error';

/** A file that cannot be written. The message names it; an existing file is unchanged. */
export class WriteFileError extends UsageError {
  constructor(
    readonly file: string,
    cause: unknown,
  ) {
    super(`${file} cannot be written (${reason(cause)}); an existing file is unchanged`, { cause });
    this.name = 'WriteFileError';
  }
}

/**
 * Writes a whole output: a file aside and then into its place, so that there is the old content or the new one, never a part; a
 * device, a FIFO or a descriptor as it stands.
 * @throws WriteFileError
 */
export async function writeFileSafely(file: string, content: string | Uint8Array): Promise<void> {
  const output = await openSafely(file);
  try {
    output.write(Buffer.from(content as string));
    output.commit();
  } catch (error) {
    output.discard();
    throw new WriteFileError(file, error);
  }
}

/** How long the reader of a FIFO may keep its writer waiting. */
const READER_MS = 10_000;
const PAUSE_MS = 25;

/** Opens an output; where it is a FIFO, when somebody reads it. @throws WriteFileError */
export function openSafely(file: string): Promise<OutputFile> {
  return whenRead(() => {
    try {
      return new OutputFile(file);
    } catch (error) {
      throw new WriteFileError(file, error);
    }
  });
}

/** Opens what may be a FIFO, again until it has a reader. @throws what `open` throws */
export async function whenRead<T>(open: () => T): Promise<T> {
  for (const deadline = Date.now() + READER_MS; ; await sleep(PAUSE_MS)) {
    try {
      return open();
    } catch (error) {
      const { cause } = error as { cause?: NodeJS.ErrnoException };
      if (cause?.code !== 'ENXIO' || Date.now() > deadline) throw error;
    }
  }
}

/**
 * Looks beforehand whether a file could be written, so that nobody waits for a result that then cannot be kept.
 * @throws WriteFileError
 */
export async function checkWritable(file: string): Promise<void> {
  try {
    const { kind, path } = outputPlace(file);
    if (kind !== 'descriptor') await access(kind === 'new' ? dirname(path) : path, constants.W_OK);
  } catch (error) {
    throw new WriteFileError(file, error);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EACCES: 'not permitted',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder is no folder',
  EISDIR: 'it is a folder',
  ENXIO: 'nobody reads this pipe',
  EAGAIN: 'its reader takes nothing',
  EPIPE: 'its reader went away',
  EBADF: 'the descriptor is not open for writing',
  ELOOP: 'its links lead nowhere',
};

function reason(cause: unknown): string {
  const name = (cause as NodeJS.ErrnoException | undefined)?.code;
  return name === undefined ? String(cause) : (REASONS[name] ?? name);
}
