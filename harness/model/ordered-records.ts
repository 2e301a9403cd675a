/** Of what was changed since the last copy, more than this is laid together with what copies share. */
const MAX_CHANGES = 64;

/**
 * What stands at each key, in the order in which it was put there, as a Map has it; but a copy costs little, however much there is: copies share what
 * none of them changes any more. A key that is put again is the last.
 */
export class OrderedRecords<T> {
  /** Shared, and never changed. */
  #shared: ReadonlyMap<string, T> = new Map();
  /** Keys of the shared ones that are not there any more. */
  #gone = new Set<string>();
  /** What was put behind the shared ones. */
  #own = new Map<string, T>();

  get size(): number {
    return this.#shared.size - this.#gone.size + this.#own.size;
  }

  get(key: string): T | undefined {
    return this.#own.get(key) ?? (this.#gone.has(key) ? undefined : this.#shared.get(key));
  }

  put(key: string, value: T): void {
    this.delete(key);
    this.#own.set(key, value);
  }

  delete(key: string): void {
    if (this.#own.delete(key) || !this.#shared.has(key)) return;
    this.#gone.add(key);
    if (this.#gone.size > MAX_CHANGES) this.#layTogether();
  }

  /** From the first that was put to the last. What is deleted meanwhile may still come. */
  *[Symbol.iterator](): Generator<[string, T]> {
    // Where they are laid together meanwhile, what was there at first still comes.
    const [shared, gone, own] = [this.#shared, this.#gone, this.#own];
    for (const entry of shared) if (!gone.has(entry[0])) yield entry;
    yield* own;
  }

  /** What was put first of all that is there. */
  first(): T | undefined {
    for (const [key, value] of this.#shared) if (!this.#gone.has(key)) return value;
    return this.#own.values().next().value;
  }

  clone(): OrderedRecords<T> {
    if (this.#own.size > MAX_CHANGES) this.#layTogether();
    const copy = new OrderedRecords<T>();
    copy.#shared = this.#shared;
    copy.#gone = new Set(this.#gone);
    copy.#own = new Map(this.#own);
    return copy;
  }

  #layTogether(): void {
    this.#shared = new Map(this);
    this.#gone = new Set();
    this.#own = new Map();
  }
}
