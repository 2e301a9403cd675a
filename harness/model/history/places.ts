/** How many records a cache has places for, as far as that is known: they differ for a host that was found with records only. */
export class Places {
  private constructor(
    private readonly least: number,
    private readonly most: number,
  ) {}

  static exactly(count: number): Places {
    return new Places(count, count);
  }

  /** A host was found with so many records. */
  static atLeast(count: number): Places {
    return new Places(count, Infinity);
  }

  /** A request has made so many. */
  grown(places: number): Places {
    if (places <= this.least) return this;
    return new Places(places, Math.max(this.most, places));
  }

  /** So many records were held. */
  holding(count: number): Places {
    return count <= this.least ? this : new Places(count, this.most);
  }

  /** Whether so many records are known to fill it, and a request that makes so many places leaves it so. */
  areTaken(count: number, places: number): boolean {
    return this.least === count && this.most === count && places <= count && count > 0;
  }

  /** Whether so many records may fill it, though a request makes so many places. */
  mayBeTaken(count: number, places: number): boolean {
    return this.least <= count && places <= count && count <= this.most;
  }

  /** Whether there may be room for one more, where a request makes so many places. */
  mayHaveRoom(count: number, places: number): boolean {
    return Math.max(this.most, places) > count;
  }

  /** Whether it is known to be one short of full, where a request makes so many places. */
  areOneShort(count: number, places: number): boolean {
    return this.least === this.most && Math.max(this.most, places) === count + 1;
  }

  /** Two of the same text are alike. */
  describe(): string {
    return `${this.least}-${this.most}`;
  }
}
