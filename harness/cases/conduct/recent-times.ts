/** Buckets to a doubling: a time is known to a fifth. */
const TO_A_DOUBLING = 4;
/** The first bucket ends at 1/16 ms, the last at two and a half hours. */
const FIRST = -4 * TO_A_DOUBLING;
const BUCKETS = 28 * TO_A_DOUBLING;
/** Times behind which those before count half. */
const WINDOW = 512;

/** How long things took of late, as a distribution: one that was held up by what else the machine did says nothing of the others. */
export class RecentTimes {
  readonly #counts = new Float64Array(BUCKETS);
  #total = 0;
  #sinceHalved = 0;

  add(ms: number): void {
    const bucket = Math.ceil(TO_A_DOUBLING * Math.log2(ms)) - FIRST;
    this.#counts[Math.min(BUCKETS - 1, Math.max(0, bucket))]!++;
    this.#total++;
    if (++this.#sinceHalved === WINDOW) this.#halve();
  }

  #halve(): void {
    for (let i = 0; i < BUCKETS; i++) this.#counts[i]! /= 2;
    this.#total /= 2;
    this.#sinceHalved = 0;
  }

  /** What this share of them did not exceed, in ms, at most a fifth too much; 0 where there are none. */
  quantile(share: number): number {
    let beyond = this.#total * (1 - share);
    for (let bucket = BUCKETS - 1; bucket >= 0; bucket--) {
      const count = this.#counts[bucket]!;
      if (count > beyond) return 2 ** ((bucket + FIRST) / TO_A_DOUBLING);
      beyond -= count;
    }
    return 0;
  }
}
