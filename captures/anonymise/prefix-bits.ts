import { type Cipher, createCipheriv } from 'node:crypto';

/** Of a block of the cipher, and of the longest address. */
const BLOCK = 16;
const KEY = 32;

/**
 * One bit for each beginning of an address, which says whether the bit behind it is turned over: Crypto-PAn (Xu et al., 2002). The beginning,
 * filled up with secret octets, is one block of a cipher, and all beginnings of an address are enciphered at once: an HMAC for each bit took
 * ten times as long.
 */
export class PrefixBits {
  readonly #cipher: Cipher;
  readonly #fill: Uint8Array;
  readonly #blocks = Buffer.alloc(8 * BLOCK * BLOCK);

  /** @param secret 48 octets: the key of the cipher, and what beginnings are filled up with */
  constructor(secret: Uint8Array) {
    this.#cipher = createCipheriv('aes-256-ecb', secret.subarray(0, KEY), null).setAutoPadding(false);
    this.#fill = secret.subarray(KEY, KEY + BLOCK);
  }

  /** @param stays so many bits at the beginning are not turned over */
  change(address: Uint8Array, stays: number): Buffer {
    const bits = 8 * address.length;
    for (let bit = stays; bit < bits; bit++) this.#begin(address, bit, (bit - stays) * BLOCK);
    const random = this.#cipher.update(this.#blocks.subarray(0, (bits - stays) * BLOCK));
    const fresh = Buffer.from(address);
    for (let bit = stays; bit < bits; bit++) {
      if (random[(bit - stays) * BLOCK]! < 0x80) continue;
      fresh[bit >> 3] = fresh[bit >> 3]! ^ (0x80 >> (bit & 7));
    }
    return fresh;
  }

  /** Writes the first bits of an address, and the secret ones behind them. */
  #begin(address: Uint8Array, bits: number, at: number): void {
    const whole = bits >> 3;
    const blocks = this.#blocks;
    const fill = this.#fill;
    for (let i = 0; i < BLOCK; i++) blocks[at + i] = i < whole ? address[i]! : fill[i]!;
    const mask = 0xff >> (bits & 7);
    blocks[at + whole] = (address[whole]! & ~mask) | (fill[whole]! & mask);
  }
}
