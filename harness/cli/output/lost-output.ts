import { WriteFileError } from '../../support/safe-file';
import { EXIT } from '../verb';
import type { OutputStream } from './output-stream';

/** What was judged before an output turned out to be lost: that is not lost with it. */
const verdicts = new WeakMap<object, number>();

/** An error of writing with the exit code that the run had come to. */
export function withVerdict(error: unknown, exitCode: number): unknown {
  if (error instanceof WriteFileError) verdicts.set(error, exitCode);
  return error;
}

/** For `catch` where outputs are written after a run came to its exit code. */
export const lostAfter =
  (exitCode: number) =>
  (error: unknown): never => {
    throw withVerdict(error, exitCode) as Error;
  };

/**
 * The exit code of a run whose output was lost: its own, so that a host is told by what it did; but what would have been 0 is not,
 * since not all that was asked for is there.
 * @param usage what the verb exits with where it could not do as it was told
 */
export const exitCodeOfLost = (exitCode: number, usage: number = EXIT.usage): number =>
  exitCode === EXIT.ok ? usage : exitCode;

/** The same of an error, where a run had come to a verdict; undefined where it had not. */
export function lostExitCode(error: unknown, usage: number = EXIT.usage): number | undefined {
  const verdict = typeof error === 'object' && error !== null ? verdicts.get(error) : undefined;
  return verdict === undefined ? undefined : exitCodeOfLost(verdict, usage);
}

/** Forms of `--format` that people read; all others are for programs. */
const FOR_PEOPLE = new Set(['text', 'nagios']);

/** True where options put a report or a capture on standard output, for a program to read. */
export const holdsData = (options: Readonly<Record<string, unknown>>): boolean =>
  Object.values(options).includes('-') ||
  (typeof options['format'] === 'string' && !FOR_PEOPLE.has(options['format']));

/**
 * What a stream that was lost makes of the exit code, and the line that tells it. Who reads with `head` went away because they had
 * enough: that changes the code only where a report was cut.
 */
export function lossOf(
  { lost, holdsData: cut, name }: OutputStream,
  exitCode: number,
  usage: number = EXIT.usage,
): { readonly code: number; readonly told: string | null } {
  if (lost === null) return { code: exitCode, told: null };
  const isGone = lost.code === 'EPIPE' || lost.code === 'ERR_STREAM_DESTROYED';
  return {
    code: isGone && !cut ? exitCode : exitCodeOfLost(exitCode, usage),
    told: isGone
      ? `not all was written: the reader of ${name} went away`
      : new WriteFileError(name, lost).message,
  };
}
