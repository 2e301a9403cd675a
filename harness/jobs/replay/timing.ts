import { sleepUntil } from '../../support/sleep-until';
import { ReplayUsageError } from './replay-error';

/** How many times faster than recorded; Infinity for as fast as the answers come. */
export type Pace = number;

/**
 * Reads `recorded`, `fast` or `xN` (N times as fast as recorded, such as x10 or x0.5).
 * @throws ReplayUsageError
 */
export function parseTiming(text: string): Pace {
  if (text === 'recorded') return 1;
  if (text === 'fast') return Infinity;
  const pace = /^x\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text.slice(1)) : 0;
  if (pace > 0) return pace;
  throw new ReplayUsageError(
    `the timing ${JSON.stringify(text)} is none: expected recorded, fast, or xN such as x10`,
  );
}

/** Lets requests out when they are due. */
export class Pacer {
  #first: bigint | null = null;
  #started = 0;

  constructor(
    private readonly pace: Pace,
    private readonly signal?: AbortSignal,
  ) {}

  /** Waits until a request that was recorded at `recordedNs` is due; returns at once where it is late. */
  async due(recordedNs: bigint): Promise<void> {
    if (this.pace === Infinity) return;
    if (this.#first === null) {
      this.#first = recordedNs;
      this.#started = performance.now();
    }
    const afterMs = Number(recordedNs - this.#first) / 1e6 / this.pace;
    // An interruption ends the wait; the replay looks for it itself.
    await sleepUntil(this.#started + afterMs, { signal: this.signal });
  }
}
