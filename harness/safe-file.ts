import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError } from './usage-error';

/** A file that cannot be written. The message names it; what stood there before is as it was. */
export class WriteFileError extends UsageError {
  constructor(
    readonly file: string,
    cause: unknown,
  ) {
    super(`${file} cannot be written (${reason(cause)}); what stood there before is as it was`, { cause });
    this.name = 'WriteFileError';
  }
}

/**
 * Writes a whole file aside and puts it in its place, so that there is the old content or the new one, never a part.
 * @throws WriteFileError
 */
export async function writeFileSafely(file: string, content: string | Uint8Array): Promise<void> {
  const aside = `${file}.tmp-${process.pid}`;
  try {
    const handle = await open(aside, 'w');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined);
    throw new WriteFileError(file, error);
  }
}

/**
 * Looks beforehand whether a file could be written, so that nobody waits for a result that then cannot be kept.
 * @throws WriteFileError
 */
export async function checkWritable(file: string): Promise<void> {
  const parent = await stat(dirname(file)).catch((error: unknown) => {
    throw new WriteFileError(file, error);
  });
  if (!parent.isDirectory()) throw new WriteFileError(file, code('ENOTDIR'));
  const there = await stat(file).catch(() => null);
  if (there?.isDirectory()) throw new WriteFileError(file, code('EISDIR'));
}

const code = (name: string): Error => Object.assign(new Error(name), { code: name });

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EACCES: 'not permitted',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder is no folder',
  EISDIR: 'it is a folder',
};

function reason(cause: unknown): string {
  const name = (cause as NodeJS.ErrnoException | undefined)?.code;
  return name === undefined ? String(cause) : (REASONS[name] ?? name);
}
