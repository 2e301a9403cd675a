import { formatPlace, type Place } from './log-record';

interface Kind {
  readonly first: Place | null;
  count: number;
}

/** Warnings of one file, each kind once: where it was first, and how many there are. */
export class Notices {
  readonly #kinds = new Map<string, Kind>();

  constructor(readonly file: string) {}

  /** @param message one sentence for all of the kind */
  add(message: string, place: Place | null = null, count = 1): void {
    const known = this.#kinds.get(message);
    if (known === undefined) this.#kinds.set(message, { first: place, count });
    else known.count += count;
  }

  list(): string[] {
    return [...this.#kinds].map(([message, { first, count }]) => {
      const where = first === null ? this.file : `${this.file}, ${formatPlace(first)}`;
      return `${where}: ${message}${count > 1 ? `; ${count} in all` : ''}`;
    });
  }
}
