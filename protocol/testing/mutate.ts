const EDGES = [0, 1, 252, 0x7fffffff, 0x80000000, 0xffffffff];

/**
 * Bytes with a few places changed: flipped bits, edges, cut ends, copied and inserted stretches. All chance comes from
 * `random`, which yields numbers from 0 up to, not including, 1.
 */
export function mutate(bytes: Uint8Array, random: () => number): Buffer {
  let mutated = Buffer.from(bytes);
  const below = (limit: number): number => Math.floor(random() * limit);
  const changes = 1 + below(4);
  for (let i = 0; i < changes && mutated.length > 0; i++) {
    const at = below(mutated.length);
    switch (below(6)) {
      case 0:
        mutated[at]! ^= 1 << below(8);
        break;
      case 1:
        mutated[at] = [0, 1, 0x7f, 0x80, 0xfe, 0xff][below(6)]!;
        break;
      case 2:
        mutated = mutated.subarray(0, at);
        break;
      case 3:
        if (mutated.length >= 4)
          mutated.writeUInt32LE(EDGES[below(EDGES.length)]!, below(mutated.length - 3));
        break;
      case 4:
        mutated = Buffer.concat([mutated.subarray(0, at), mutated.subarray(below(mutated.length))]);
        break;
      default:
        mutated.fill(below(256), at, Math.min(mutated.length, at + 1 + below(16)));
    }
  }
  return mutated;
}

/** A small seeded generator (mulberry32): the same numbers for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
