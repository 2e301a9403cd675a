import { closeSync, openSync, readSync, writeSync } from 'node:fs';

const EDGES = 1 << 16;
const WORD = 8;
const NOTHING = Buffer.alloc(EDGES);

/** The file that a host built with docs/coverage/guards.c writes: an octet for each edge, which says how often it was taken. */
export class CoverageMap {
  readonly #descriptor: number;
  readonly #hits = Buffer.alloc(EDGES);
  readonly #words = new BigUint64Array(this.#hits.buffer, this.#hits.byteOffset, EDGES / WORD);

  /** @throws Error of the file system */
  constructor(file: string) {
    this.#descriptor = openSync(file, 'r+');
  }

  /** What was run since the last time, as `EDGE:HITS` with blanks between. */
  take(): string {
    const length = readSync(this.#descriptor, this.#hits, 0, EDGES, 0);
    writeSync(this.#descriptor, NOTHING, 0, length, 0);
    const pairs: string[] = [];
    for (let word = 0; word * WORD < length; word++) {
      if (this.#words[word] === 0n) continue;
      for (let edge = word * WORD; edge < Math.min(length, (word + 1) * WORD); edge++)
        if (this.#hits[edge] !== 0) pairs.push(`${edge}:${this.#hits[edge]}`);
    }
    return pairs.join(' ');
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
