/** What values are drawn from. */
export interface Words {
  /** The next 32 bits, unsigned. */
  word(): number;
}

/** Makes a value of words. */
export type Draw<T> = (words: Words) => T;

/** `min` and `max` included, no more than 2^32 numbers. */
export interface IntegerRange {
  readonly min: number;
  readonly max: number;
}

const WORDS = 0x1_0000_0000;

/** Whole numbers, each as likely as the others: of a word the rest, unless it is one of the last that would favour the small. */
export function integerDraw({ min, max }: IntegerRange): Draw<number> {
  const count = max - min + 1;
  if (count === WORDS) return (words) => min + words.word();
  const end = Math.floor(WORDS / count) * count;
  return (words) => {
    let word = words.word();
    while (word >= end) word = words.word();
    return min + ((word >>> 0) % (count >>> 0));
  };
}
