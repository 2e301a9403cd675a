import { ProtocolError } from './errors';

/**
 * The MAC of KMS version 4: CBC-MAC with Rijndael on 128-bit blocks and a 160-bit key (Nk = 5, 11
 * rounds; Rijndael, AES proposal, sections 4.2 and 4.3). node:crypto knows no such key, so the cipher is here: the forward
 * direction only, with the four usual tables of 32-bit words.
 */

export const MAC_KEY_SIZE = 20;
const BLOCK = 16;
const KEY_WORDS = MAC_KEY_SIZE / 4;
const ROUNDS = KEY_WORDS + 6;

/** The key that the embedded lab host signs with. It is published, so that no real client accepts its answers. */
export const LAB_KEY: Uint8Array = Buffer.from('kmsspec-lab-key-2008', 'ascii');

/** Doubling in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1. */
const xtime = (octet: number): number => ((octet << 1) ^ (octet & 0x80 ? 0x11b : 0)) & 0xff;

/** The S-box: the inverse in GF(2^8), then the affine map (FIPS 197, 5.1.1), from powers of the generator 3. */
function substitutionBox(): Uint8Array {
  const sbox = new Uint8Array(256);
  let power = 1;
  let inverse = 1;
  do {
    power ^= xtime(power); // times 3
    inverse ^= inverse << 1; // divided by 3
    inverse ^= inverse << 2;
    inverse ^= inverse << 4;
    inverse &= 0xff;
    if (inverse & 0x80) inverse ^= 0x09;
    const rotl = (shift: number): number => (inverse << shift) | (inverse >>> (8 - shift));
    sbox[power] = (inverse ^ rotl(1) ^ rotl(2) ^ rotl(3) ^ rotl(4) ^ 0x63) & 0xff;
  } while (power !== 1);
  sbox[0] = 0x63;
  return sbox;
}

const SBOX = substitutionBox();

/** SubBytes and MixColumns of one octet in row 0..3, as a big-endian column word. */
function roundTables(): readonly Int32Array[] {
  const first = Int32Array.from(SBOX, (s) => {
    const doubled = xtime(s);
    return (doubled << 24) | (s << 16) | (s << 8) | (doubled ^ s);
  });
  const rotated = (shift: number): Int32Array =>
    first.map((word) => (word >>> shift) | (word << (32 - shift)));
  return [first, rotated(8), rotated(16), rotated(24)];
}

const [T0, T1, T2, T3] = roundTables() as [Int32Array, Int32Array, Int32Array, Int32Array];

const subWord = (word: number): number =>
  (SBOX[word >>> 24]! << 24) |
  (SBOX[(word >>> 16) & 0xff]! << 16) |
  (SBOX[(word >>> 8) & 0xff]! << 8) |
  SBOX[word & 0xff]!;

const readWord = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;

/** The plain key schedule of FIPS 197, 5.2, for five words: no SubWord beyond that of every fifth. */
function expandKey(key: Uint8Array): Int32Array {
  const words = new Int32Array(4 * (ROUNDS + 1));
  for (let i = 0; i < KEY_WORDS; i++) words[i] = readWord(key, 4 * i);
  let roundConstant = 1;
  for (let i = KEY_WORDS; i < words.length; i++) {
    let word = words[i - 1]!;
    if (i % KEY_WORDS === 0) {
      word = subWord((word << 8) | (word >>> 24)) ^ (roundConstant << 24);
      roundConstant = xtime(roundConstant);
    }
    words[i] = words[i - KEY_WORDS]! ^ word;
  }
  return words;
}

/** Encrypts the four words of `state` in place. */
function encryptBlock(state: Int32Array, roundKeys: Int32Array): void {
  let a = state[0]! ^ roundKeys[0]!;
  let b = state[1]! ^ roundKeys[1]!;
  let c = state[2]! ^ roundKeys[2]!;
  let d = state[3]! ^ roundKeys[3]!;
  let k = 4;
  for (let round = 1; round < ROUNDS; round++, k += 4) {
    const e = column(a, b, c, d) ^ roundKeys[k]!;
    const f = column(b, c, d, a) ^ roundKeys[k + 1]!;
    const g = column(c, d, a, b) ^ roundKeys[k + 2]!;
    d = column(d, a, b, c) ^ roundKeys[k + 3]!;
    a = e;
    b = f;
    c = g;
  }
  state[0] = lastColumn(a, b, c, d) ^ roundKeys[k]!;
  state[1] = lastColumn(b, c, d, a) ^ roundKeys[k + 1]!;
  state[2] = lastColumn(c, d, a, b) ^ roundKeys[k + 2]!;
  state[3] = lastColumn(d, a, b, c) ^ roundKeys[k + 3]!;
}

/** SubBytes, ShiftRows and MixColumns for one column: its row r comes from column r places on. */
function column(a: number, b: number, c: number, d: number): number {
  return T0[a >>> 24]! ^ T1[(b >>> 16) & 0xff]! ^ T2[(c >>> 8) & 0xff]! ^ T3[d & 0xff]!;
}

/** The last round has no MixColumns. */
function lastColumn(a: number, b: number, c: number, d: number): number {
  return (
    (SBOX[a >>> 24]! << 24) |
    (SBOX[(b >>> 16) & 0xff]! << 16) |
    (SBOX[(c >>> 8) & 0xff]! << 8) |
    SBOX[d & 0xff]!
  );
}

/** The octet that starts the padding; there is always one, so that a whole block of it may be needed. */
const PADDING_START = 0x80;

/**
 * Makes the MAC function of a key of 20 bytes: data of any length in, 16 bytes out.
 * @throws ProtocolError `bad-input` for a key of another length
 */
export function createMac(key: Uint8Array): (data: Uint8Array) => Uint8Array {
  if (key.length !== MAC_KEY_SIZE) {
    throw new ProtocolError({
      code: 'bad-input',
      path: 'mac.key',
      offset: 0,
      expected: `a key of ${MAC_KEY_SIZE} bytes`,
      actual: `${key.length} bytes`,
    });
  }
  const roundKeys = expandKey(key);
  const chain = new Chain(roundKeys);
  // Kept from call to call: small arrays for each message cost as much as two blocks.
  const state = new Int32Array(BLOCK / 4);
  const last = new Uint8Array(BLOCK);
  return (data) => {
    const whole = data.length - (data.length % BLOCK);
    for (let at = chain.follow(data, whole, state); at < whole; at += BLOCK)
      absorb(state, data, at, roundKeys);
    last.fill(0);
    for (let at = whole; at < data.length; at++) last[at - whole] = data[at]!;
    last[data.length - whole] = PADDING_START;
    absorb(state, last, 0, roundKeys);
    return wordsToBytes(state);
  };
}

/** Blocks of a message that are remembered: both messages of version 4 are shorter. */
const REMEMBERED = 16;

/**
 * The last message's blocks, and the state behind each. Messages of one host begin alike, with its ePID, which is half of a response: as
 * far as one is like the last, its state is known.
 */
class Chain {
  readonly #words = new Int32Array((REMEMBERED * BLOCK) / 4);
  readonly #states = new Int32Array((REMEMBERED * BLOCK) / 4);
  #known = 0;

  constructor(private readonly roundKeys: Int32Array) {}

  /** Takes the first blocks of `data` into `state`. @returns where the first stands that is left to absorb, at most `whole` */
  follow(data: Uint8Array, whole: number, state: Int32Array): number {
    const words = this.#words;
    const states = this.#states;
    const end = Math.min(whole, REMEMBERED * BLOCK) / 4;
    let at = 0;
    while (at < end && at < this.#known && isBlock(words, data, at)) at += 4;
    for (let i = 0; i < 4; i++) state[i] = at === 0 ? 0 : states[at - 4 + i]!;
    for (; at < end; at += 4) {
      absorb(state, data, 4 * at, this.roundKeys);
      for (let i = 0; i < 4; i++) {
        words[at + i] = readWord(data, 4 * (at + i));
        states[at + i] = state[i]!;
      }
      this.#known = at + 4;
    }
    return 4 * at;
  }
}

/** Whether the block at the word `at` is the same in both. */
const isBlock = (words: Int32Array, data: Uint8Array, at: number): boolean =>
  words[at] === readWord(data, 4 * at) &&
  words[at + 1] === readWord(data, 4 * at + 4) &&
  words[at + 2] === readWord(data, 4 * at + 8) &&
  words[at + 3] === readWord(data, 4 * at + 12);

function absorb(state: Int32Array, data: Uint8Array, at: number, roundKeys: Int32Array): void {
  state[0]! ^= readWord(data, at);
  state[1]! ^= readWord(data, at + 4);
  state[2]! ^= readWord(data, at + 8);
  state[3]! ^= readWord(data, at + 12);
  encryptBlock(state, roundKeys);
}

function wordsToBytes(words: Int32Array): Uint8Array {
  const bytes = new Uint8Array(BLOCK);
  for (let i = 0; i < BLOCK; i++) bytes[i] = words[i >>> 2]! >>> (24 - 8 * (i & 3));
  return bytes;
}
