import { readFileSync } from 'node:fs';

/** Descriptors that are left where a host of this process cannot accept any more: it drops connections then, and says nothing. */
const NEARLY_ALL = 3;

/** What this process has run out of, in words, each with its number among all such moments when it was noted last. */
const noted = new Map<string, number>();
let moments = 0;
let most: number | null = null;

/** This process, and not who it talks to, is what did not suffice. What fails from here on in the runs under way is no failure of a host. */
export const noteLocalLimit = (what: string): void => void noted.set(what, ++moments);

/** What this process runs out of from here on: each run asks for itself, since one process may hold many. */
export class LocalLimits {
  readonly #since = moments;

  /** What did not suffice since this was made, each once; empty while all did. */
  get met(): readonly string[] {
    return [...noted].filter(([, moment]) => moment > this.#since).map(([what]) => what);
  }
}

/**
 * Looks whether descriptors run out, by one that was just opened: the system hands out the lowest that is free.
 * @param descriptor undefined where the system does not tell
 */
export function watchDescriptors(descriptor: number | undefined, limit = (most ??= descriptorLimit())): void {
  if (descriptor === undefined || descriptor < limit - NEARLY_ALL) return;
  noteLocalLimit(`too many open files (ulimit -n ${limit})`);
}

function descriptorLimit(): number {
  try {
    const [, digits] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    return digits === undefined ? Infinity : Number(digits);
  } catch {
    return Infinity; // no Linux
  }
}
