import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { devNull } from 'node:os';

/**
 * Descriptors that are left where a host of this process may soon accept no more: it drops connections then, and says nothing. Files that
 * are read meanwhile take some, and a number that became free may be far below the last.
 */
const NEARLY_ALL = 8;

/** What this process has run out of, in words, each with its number among all such moments when it was noted last. */
const noted = new Map<string, number>();
let moments = 0;
let most: number | null = null;

/** This process, and not who it talks to, is what did not suffice. What fails from here on in the runs under way is no failure of a host. */
export const noteLocalLimit = (what: string): void => void noted.set(what, ++moments);

/** What this process runs out of from here on: each run asks for itself, since one process may hold many. */
export class LocalLimits {
  readonly #since = moments;

  constructor() {
    // Asked now: once descriptors have run out the system does not tell any more.
    most ??= descriptorLimit();
  }

  /** What did not suffice since this was made, each once; empty while all did. */
  get met(): readonly string[] {
    return [...noted].filter(([, moment]) => moment > this.#since).map(([what]) => what);
  }
}

/**
 * Looks whether descriptors run out, by one that was just opened: the system hands out the lowest that is free.
 * @param descriptor undefined where the system does not tell
 * @returns whether they nearly did
 */
export function watchDescriptors(
  descriptor: number | undefined,
  limit = (most ??=
    descriptorLimit()),
): boolean {
  if (descriptor === undefined || descriptor < limit - NEARLY_ALL) return false;
  noteLocalLimit(`too many open files (ulimit -n ${limit})`);
  return true;
}

/** Looks whether as many descriptors are left, where something failed that may come of it: Node then finds modules no more, and says so. */
export function lookForDescriptors(): void {
  const opened: number[] = [];
  try {
    while (opened.length < NEARLY_ALL) opened.push(openSync(devNull, 'r'));
  } catch (error) {
    const limit = localLimitOf(error);
    if (limit !== null) noteLocalLimit(limit);
  } finally {
    opened.forEach((descriptor) => closeSync(descriptor));
  }
}

/** The number that the system gave a socket; Node keeps it to itself. */
export const socketDescriptor = (socket: Socket): number | undefined =>
  (socket as { _handle?: { fd?: number } | null })._handle?.fd;

/** Errors of this machine, whoever was asked for what. */
const LIMITS: Readonly<Record<string, string>> = {
  EMFILE: 'too many open files (ulimit -n)',
  ENFILE: 'too many open files in the system',
  ENOBUFS: 'the system has no buffers left',
  ENOMEM: 'the system has no memory left',
  ERR_WORKER_INIT_FAILED: 'a thread cannot be started',
  ERR_WORKER_OUT_OF_MEMORY: 'a thread has no memory left',
};
/** What this machine ran out of, by the code of an error; null where that is no such code. */
export const limitOfCode = (code: string): string | null =>
  Object.hasOwn(LIMITS, code) ? LIMITS[code]! : null;

/** Node gives some errors of the system no name but this number. */
const BY_ERRNO: Readonly<Record<number, string>> = { 12: LIMITS['ENOMEM']!, 24: LIMITS['EMFILE']! };
/** An error that causes itself is none of ours. */
const MAX_CAUSES = 10;

/** What this machine ran out of, where that is what an error or its cause tells; null where it is not. */
export function localLimitOf(error: unknown, depth = 0): string | null {
  if (!(error instanceof Error) || depth > MAX_CAUSES) return null;
  const { code, errno } = error as { code?: unknown; errno?: unknown };
  const own = typeof code === 'string' ? limitOfCode(code) : null;
  const byNumber = code === 'ERR_SYSTEM_ERROR' ? BY_ERRNO[Math.abs(Number(errno))] : undefined;
  return own ?? byNumber ?? localLimitOf(error.cause, depth + 1);
}

/** How a limit is told. */
export const notSufficient = (limits: readonly string[]): string =>
  `this machine did not suffice: ${limits.join('; ')}`;

function descriptorLimit(): number {
  try {
    const [, digits] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    return digits === undefined ? Infinity : Number(digits);
  } catch {
    return Infinity; // no Linux
  }
}
