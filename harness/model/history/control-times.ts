import { countUpTo } from './ascending';
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
    const begun = countUpTo(this.#starts, endMs);
    return begun > 0 && this.#latestEnds[begun - 1]! >= startMs;
  }
}
