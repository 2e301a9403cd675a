import { type Cipher, createCipheriv } from 'node:crypto';

/** Of a block of the cipher, and of the longest address. */
const BLOCK = 16;
const KEY = 32;
/** Of 32 bits, in a block. */
const WORDS = 4;

/**
 * One bit for each beginning of an address, which says whether the bit behind it is turned over: Crypto-PAn (Xu et al., 2002). The beginning,
 * filled up with secret octets, is one block of a cipher, and all beginnings of an address are enciphered at once: an HMAC for each bit took
 * ten times as long.
 */
export class PrefixBits {
  readonly #cipher: Cipher;
  readonly #fill: Uint8Array;
  readonly #blocks = Buffer.alloc(8 * BLOCK * BLOCK);
  /** The block that is written now, octet by octet and word by word. */
  readonly #block = new Uint8Array(BLOCK);
  readonly #blockWords = new Uint32Array(this.#block.buffer);
  readonly #words = new Uint32Array(this.#blocks.buffer, this.#blocks.byteOffset, 8 * BLOCK * WORDS);

  /** @param secret 48 octets: the key of the cipher, and what beginnings are filled up with */
  constructor(secret: Uint8Array) {
    this.#cipher = createCipheriv('aes-256-ecb', secret.subarray(0, KEY), null).setAutoPadding(false);
    this.#fill = secret.subarray(KEY, KEY + BLOCK);
  }

  /** @param stays so many bits at the beginning are not turned over */
  change(address: Uint8Array, stays: number): Buffer {
    const bits = 8 * address.length;
    this.#beginnings(address, stays, bits);
    const random = this.#cipher.update(this.#blocks.subarray(0, (bits - stays) * BLOCK));
    const fresh = Buffer.from(address);
    for (let bit = stays; bit < bits; bit++) {
      if (random[(bit - stays) * BLOCK]! < 0x80) continue;
      fresh[bit >> 3] = fresh[bit >> 3]! ^ (0x80 >> (bit & 7));
    }
    return fresh;
  }

  /** Writes for each bit those before it, and the secret ones behind them: each block is the one before it but for one octet. */
  #beginnings(address: Uint8Array, stays: number, bits: number): void {
    const [block, from, to, fill] = [this.#block, this.#blockWords, this.#words, this.#fill];
    block.set(fill);
    block.set(address.subarray(0, stays >> 3));
    for (let bit = stays, at = 0; bit < bits; bit++, at += WORDS) {
      const octet = bit >> 3;
      const mask = 0xff >> (bit & 7);
      if ((bit & 7) === 0 && octet > 0) block[octet - 1] = address[octet - 1]!;
      block[octet] = (address[octet]! & ~mask) | (fill[octet]! & mask);
      to[at] = from[0]!;
      to[at + 1] = from[1]!;
      to[at + 2] = from[2]!;
      to[at + 3] = from[3]!;
    }
  }
}
