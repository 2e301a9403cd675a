/** A host's code that a case has run, as pairs: the number of an edge, how often it was taken. */
export type EdgeHits = readonly number[];

const EDGES = 1 << 16;
/** How often something ran is told apart in eight classes, as AFL has them: 1, 2, 3, 4, 8, 16, 32, 128 and more. */
const CLASSES: readonly number[] = [1, 2, 3, 4, 8, 16, 32, 128];

function classOf(hits: number): number {
  let place = CLASSES.length - 1;
  while (place > 0 && hits < CLASSES[place]!) place--;
  return 1 << place;
}

/** What was never seen before, of answers and of a host's code. */
export class Novelty {
  readonly #words = new Set<string>();
  readonly #edges = new Uint8Array(EDGES);

  /** Edges that were seen. */
  get edges(): number {
    return this.#edges.reduce((sum, classes) => sum + (classes === 0 ? 0 : 1), 0);
  }

  /** Whether any of these is new; from now on none of them is. */
  ofWords(words: Iterable<string>): boolean {
    const before = this.#words.size;
    for (const word of words) this.#words.add(word);
    return this.#words.size > before;
  }

  /** The same for code: an edge, or a class of how often it was taken. */
  ofEdges(hits: EdgeHits): boolean {
    let isNew = false;
    for (let i = 0; i + 1 < hits.length; i += 2) {
      const edge = hits[i]! & (EDGES - 1);
      const seen = this.#edges[edge]!;
      const now = seen | classOf(hits[i + 1]!);
      if (now === seen) continue;
      this.#edges[edge] = now;
      isNew = true;
    }
    return isNew;
  }
}
