import { setTimeout as sleep } from 'node:timers/promises';

/** Longest wait that a timer takes. */
const MAX_WAIT_MS = 0x7fff_ffff;

/** How `sleepUntil` tells the time and waits. */
export interface SleepOptions {
  /** Ms on any clock that is not set back; Node's monotonic one unless told. */
  readonly now?: () => number;
  /** An abort ends the wait. */
  readonly signal?: AbortSignal | undefined;
  /** Waits about so many ms. */
  readonly wait?: (ms: number) => Promise<unknown>;
}

/**
 * Waits until a clock has reached a time, and returns at once where it has. A timer of Node fires up to a millisecond early by that clock, and waits
 * for 24 days at most: it is set until the time has come.
 */
export async function sleepUntil(
  atMs: number,
  {
    now = () => performance.now(),
    signal,
    wait = (ms) => sleep(ms, undefined, { signal }).catch(() => undefined),
  }: SleepOptions = {},
): Promise<void> {
  for (let leftMs = atMs - now(); leftMs > 0 && signal?.aborted !== true; leftMs = atMs - now()) {
    await wait(Math.min(Math.ceil(leftMs), MAX_WAIT_MS));
  }
}
