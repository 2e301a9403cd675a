import type { HistoryControl } from './history';

interface Times {
  readonly startMs: number;
  readonly endMs: number;
}

/** When the controls of a history were under way. */
export class ControlTimes {
  /** Starts in their order, and beside each the latest end of the controls that began by then. */
  readonly #starts: number[] = [];
  readonly #latestEnds: number[] = [];

  constructor(controls: readonly HistoryControl[]) {
    let latest = -Infinity;
    for (const { startMs, endMs } of [...controls].sort((a, b) => a.startMs - b.startMs)) {
      latest = Math.max(latest, endMs);
      this.#starts.push(startMs);
      this.#latestEnds.push(latest);
    }
  }

  /** Whether any was under way at a time between these, both of them included. */
  meet({ startMs, endMs }: Times): boolean {
    let [low, high] = [0, this.#starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! <= endMs) low = middle + 1;
      else high = middle;
    }
    return low > 0 && this.#latestEnds[low - 1]! >= startMs;
  }
}
