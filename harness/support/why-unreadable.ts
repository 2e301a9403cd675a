import { TooLargeError } from './read-at-most';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is no folder',
  EISDIR: 'it is a folder',
  EACCES: 'not permitted',
  EPERM: 'not permitted',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  EMFILE: 'too many files are open',
  EIO: 'the disk failed',
};

/** What is wrong with a file that `readAtMost` could not read, behind its name: `is larger than 1 MB`, `cannot be read (…)`. */
export const problemOfReading = (error: unknown): string =>
  error instanceof TooLargeError ? `is ${error.message}` : `cannot be read (${whyUnreadable(error)})`;

/** Why a file could not be read, as a clause in parentheses; the system's own word where it is a rare one. */
export function whyUnreadable(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? code ?? message;
}
