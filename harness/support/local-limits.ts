import { readFileSync } from 'node:fs';

/** Descriptors that are left where a host of this process cannot accept any more: it drops connections then, and says nothing. */
const NEARLY_ALL = 3;

/** What this process has run out of since `forgetLocalLimits`, in words, each once. */
const met = new Set<string>();
let most: number | null = null;

/** This process, and not who it talks to, is what did not suffice. From here on what fails is no failure of a host. */
export const noteLocalLimit = (what: string): void => void met.add(what);

/** What did not suffice so far; empty while all did. */
export const localLimits = (): readonly string[] => [...met];

/** A new run begins. */
export const forgetLocalLimits = (): void => met.clear();

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
