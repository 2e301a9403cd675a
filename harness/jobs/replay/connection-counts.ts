/** Counts by number of connection: four octets each, for a recording may have as many connections as requests. */
export class ConnectionCounts {
  #counts = new Uint32Array(1024);

  of(connection: number): number {
    return this.#counts[connection] ?? 0;
  }

  add(connection: number): void {
    if (connection >= this.#counts.length) this.#grow(connection + 1);
    this.#counts[connection]!++;
  }

  /** @returns how many are left */
  take(connection: number): number {
    return --this.#counts[connection]!;
  }

  copy(): ConnectionCounts {
    const copy = new ConnectionCounts();
    copy.#counts = this.#counts.slice();
    return copy;
  }

  #grow(needed: number): void {
    const grown = new Uint32Array(Math.max(needed, 2 * this.#counts.length));
    grown.set(this.#counts);
    this.#counts = grown;
  }
}
