/** Beyond these what was made is made anew: a capture may name any number of machines. */
const MOST = 65_536;

/** Remembers what was made of a key, in bounded memory. */
export class Remembered<T> {
  readonly #known = new Map<string, T>();

  of(key: string, make: () => T): T {
    let value = this.#known.get(key);
    if (value === undefined) {
      value = make();
      if (this.#known.size >= MOST) this.#known.clear();
      this.#known.set(key, value);
    }
    return value;
  }

  has(key: string): boolean {
    return this.#known.has(key);
  }
}
