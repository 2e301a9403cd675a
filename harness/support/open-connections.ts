/** What lets go of a connection, and whether that would keep an answer from somebody. */
export interface OpenConnection {
  readonly awaitsAnswer: boolean;
  letGo(): void;
}

/** How often descriptors of this process ran out: servers share them, and what one lets go of another would take. */
let shortages = 0;

/**
 * Open connections of a server. Where there is no room for another, one that nobody uses goes: first those on which nothing was ever said,
 * then those that were silent for longest. Whoever opens connections and says nothing keeps no client out.
 */
export class OpenConnections<T extends OpenConnection> {
  /** In the order in which they came. */
  readonly #neverHeard = new Set<T>();
  /** In the order in which something last moved on them. */
  readonly #heard = new Set<T>();
  #shortages = shortages;

  /** @param most how many there may be at once */
  constructor(private most = Infinity) {}

  get size(): number {
    return this.#neverHeard.size + this.#heard.size;
  }

  /**
   * @param isNearlyFull descriptors run out with it: from here on no server of this process has more connections than now, since a number
   * that becomes free is low again and tells nothing
   */
  add(connection: T, isNearlyFull = false): void {
    if (isNearlyFull) shortages++;
    if (this.#shortages !== shortages) this.most = Math.max(1, Math.min(this.most, this.size));
    this.#shortages = shortages;
    this.#neverHeard.add(connection);
    while (this.size > this.most) this.#letGoOfOne(connection);
  }

  /** Something moved on it. */
  heard(connection: T): void {
    if (this.#neverHeard.delete(connection) || this.#heard.delete(connection)) this.#heard.add(connection);
  }

  left(connection: T): void {
    this.#neverHeard.delete(connection);
    this.#heard.delete(connection);
  }

  /** One that waits for an answer only where all do. */
  #letGoOfOne(newest: T): void {
    const others = [...this.#neverHeard, ...this.#heard].filter((connection) => connection !== newest);
    const goes = others.find(({ awaitsAnswer }) => !awaitsAnswer) ?? others[0];
    if (goes === undefined) return;
    this.left(goes);
    goes.letGo();
  }
}
