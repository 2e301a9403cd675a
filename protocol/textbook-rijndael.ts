/**
 * Rijndael on 128-bit blocks as FIPS 197 words it: a state of octets, the S-box by search, no tables of words. Slow, and
 * written apart from mac.ts, which it checks. Key sizes of any number of words, so that AES vectors check this in turn.
 */
export function textbookEncrypt(key: Uint8Array, block: Uint8Array): Uint8Array {
  const words = key.length / 4;
  const rounds = words + 6;
  const keys = schedule(key, words, rounds);
  let state = xor(Array.from(block), keys[0]!);
  for (let round = 1; round <= rounds; round++) {
    state = shiftRows(state.map(substitute));
    if (round < rounds) state = mixColumns(state);
    state = xor(state, keys[round]!);
  }
  return Uint8Array.from(state);
}

/** CBC-MAC with a zero IV over the message padded with 0x80 and zeros. */
export function textbookMac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const padded = [...message, 0x80];
  while (padded.length % 16 !== 0) padded.push(0);
  let chained: Uint8Array = new Uint8Array(16);
  for (let at = 0; at < padded.length; at += 16) {
    chained = textbookEncrypt(key, Uint8Array.from(xor([...chained], padded.slice(at, at + 16))));
  }
  return chained;
}

function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product <<= 1;
    if (product & 0x100) product ^= 0x11b;
    if (b & (1 << bit)) product ^= a;
  }
  return product;
}

const SUBSTITUTES = Array.from({ length: 256 }, (_, octet) => {
  let inverse = 0;
  for (let candidate = 1; candidate < 256; candidate++)
    if (multiply(octet, candidate) === 1) inverse = candidate;
  let out = 0;
  for (let bit = 0; bit < 8; bit++) {
    const sum = [0, 4, 5, 6, 7].reduce((parity, i) => parity ^ (inverse >> ((bit + i) % 8)), 0x63 >> bit);
    out |= (sum & 1) << bit;
  }
  return out;
});

const substitute = (octet: number): number => SUBSTITUTES[octet]!;

const xor = (a: readonly number[], b: readonly number[]): number[] => a.map((octet, i) => octet ^ b[i]!);

/** Octet `4 * column + row`: row r moves r columns to the left. */
const shiftRows = (state: readonly number[]): number[] =>
  state.map((_, at) => state[(at + 4 * (at % 4)) % 16]!);

function mixColumns(state: readonly number[]): number[] {
  const factors = [2, 3, 1, 1];
  return state.map((_, at) => {
    const column = at - (at % 4);
    return [0, 1, 2, 3].reduce(
      (sum, row) => sum ^ multiply(state[column + row]!, factors[(row - (at % 4) + 4) % 4]!),
      0,
    );
  });
}

function schedule(key: Uint8Array, words: number, rounds: number): number[][] {
  const expanded: number[][] = [];
  for (let i = 0; i < words; i++) expanded.push([...key.subarray(4 * i, 4 * i + 4)]);
  let constant = 1;
  for (let i = words; i < 4 * (rounds + 1); i++) {
    let word = expanded[i - 1]!;
    if (i % words === 0) {
      word = [...word.slice(1), word[0]!].map(substitute);
      word[0]! ^= constant;
      constant = multiply(constant, 2);
    } else if (words > 6 && i % words === 4) {
      word = word.map(substitute);
    }
    expanded.push(xor(expanded[i - words]!, word));
  }
  return Array.from({ length: rounds + 1 }, (_, round) => expanded.slice(4 * round, 4 * round + 4).flat());
}
