import { setTimeout as sleep } from 'node:timers/promises';

/** Something whose change calls for another run. */
export interface Watched {
  /** What it is like now: a change is told against that. Called before each run. */
  mark(): void;
  /** Resolves, with what changed in words, when it did; with null once `signal` is aborted. */
  changed(signal: AbortSignal): Promise<string | null>;
}

/** Waits. @returns false, at once, where `signal` is aborted before */
export const pause = (ms: number, signal: AbortSignal): Promise<boolean> =>
  sleep(ms, true, { signal }).catch(() => false);

/** The first change of several, after which all of them are let go of; null where `signal` is aborted before there is one. */
export async function firstChange(watched: readonly Watched[], signal: AbortSignal): Promise<string | null> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const changes = watched.map((each) => each.changed(either));
  try {
    return await Promise.race(changes);
  } finally {
    over.abort();
    await Promise.all(changes);
  }
}
