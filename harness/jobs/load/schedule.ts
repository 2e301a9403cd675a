/** A stretch of time in which the rate goes evenly from one value to another, in requests a second. */
export interface Stretch {
  readonly seconds: number;
  readonly fromRate: number;
  readonly toRate: number;
}

/**
 * When each request of an open loop is to start, whatever becomes of those before it. Computed from its number, so that rounding does
 * not add up and several threads can take turns.
 */
export class Schedule {
  readonly #stretches: readonly (Stretch & { readonly first: number; readonly startMs: number })[];
  readonly #total: number;
  /** Length of the whole schedule. */
  readonly durationMs: number;

  constructor(stretches: readonly Stretch[]) {
    let first = 0;
    let startMs = 0;
    this.#stretches = stretches.map((stretch) => {
      const placed = { ...stretch, first, startMs };
      first += ((stretch.fromRate + stretch.toRate) / 2) * stretch.seconds;
      startMs += stretch.seconds * 1000;
      return placed;
    });
    this.#total = Math.floor(first + 1e-9);
    this.durationMs = startMs;
  }

  /** Requests in all. */
  get total(): number {
    return this.#total;
  }

  /** Milliseconds from the start at which request `n` (from 0) is to begin; Infinity behind the last. */
  at(n: number): number {
    if (n >= this.#total) return Infinity;
    let stretch = this.#stretches[0]!;
    for (const candidate of this.#stretches) if (candidate.first <= n) stretch = candidate;
    return stretch.startMs + 1000 * secondsInto(stretch, n - stretch.first);
  }
}

/** Solves `from * t + (to - from) * t^2 / (2 * seconds) = n` for t, in the form that is exact where the rate hardly changes. */
function secondsInto({ seconds, fromRate, toRate }: Stretch, n: number): number {
  if (n <= 0) return 0;
  const rise = (toRate - fromRate) / seconds;
  return (2 * n) / (fromRate + Math.sqrt(Math.max(0, fromRate * fromRate + 2 * rise * n)));
}
