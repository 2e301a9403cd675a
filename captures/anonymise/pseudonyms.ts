import { createHmac } from 'node:crypto';
import { PrefixBits } from './prefix-bits';
import { Remembered } from './remembered';

const MAX_TRIES = 100;
/** Of 8 octets each. */
const OFFSETS_OF_HMAC = 4;
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const DIGITS = '0123456789';

/**
 * Replaces what tells who somebody is: the same input gives the same output under one secret, lengths are kept,
 * and without the secret nothing leads back: one of 128 random bits cannot be searched for.
 */
export class Pseudonyms {
  readonly #key: Buffer;
  readonly #prefixes: PrefixBits;
  readonly #texts = new Remembered<string>();
  /** Two short texts that come to one are told apart as long as both are remembered. */
  readonly #taken = new Remembered<true>();
  readonly #addresses = new Remembered<Buffer>();
  readonly #hardware = new Remembered<Buffer>();
  readonly #offsets = new Remembered<Buffer>();

  constructor(secret: string | Uint8Array) {
    this.#key = createHmac('sha256', secret).update('kmsspec anonymise').digest();
    this.#prefixes = new PrefixBits(this.bytes('addresses', Buffer.alloc(0), 48));
  }

  /** Two numbers of 32 bits for what counts from anywhere, such as the sequence numbers of both directions of a connection. */
  offsets(purpose: string, of: number): readonly [number, number] {
    // One HMAC has octets for several.
    const group = Math.floor(of / OFFSETS_OF_HMAC);
    const bytes = this.#offsets.of(`${purpose} ${group}`, () =>
      this.bytes(purpose, Buffer.from(String(group)), 8 * OFFSETS_OF_HMAC),
    );
    const at = 8 * (of % OFFSETS_OF_HMAC);
    return [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)];
  }

  /** What tells parts that belong together, such as the fragments of a datagram, in as many octets. */
  identification(purpose: string, id: Uint8Array): Buffer {
    return this.bytes(purpose, id, id.length);
  }

  /** `length` bytes that depend on secret, purpose and input alone. */
  bytes(purpose: string, input: Uint8Array, length: number): Buffer {
    const blocks: Buffer[] = [];
    for (let counter = 0; counter * 32 < length; counter++) {
      const hmac = createHmac('sha256', this.#key).update(`${purpose} ${counter} `).update(input);
      blocks.push(hmac.digest());
    }
    return Buffer.concat(blocks).subarray(0, length);
  }

  /** A machine id of 16 octets as they are stored; the nil id stays: it says that there is none. */
  machineId(id: Uint8Array): Buffer {
    if (id.every((octet) => octet === 0)) return Buffer.from(id);
    const fresh = this.bytes('machine', id, 16);
    fresh[7] = (fresh[7]! & 0x0f) | 0x40; // a random GUID (RFC 9562, version 4)
    fresh[8] = (fresh[8]! & 0x3f) | 0x80;
    return fresh;
  }

  /** Text of as many code units: digits become digits, dots and dashes stay, all else becomes letters. */
  text(purpose: 'name' | 'epid', original: string): string {
    return this.#texts.of(`${purpose} ${original}`, () => {
      let fresh = '';
      for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
        fresh = this.#freshText(purpose, original, attempt);
        if (!this.#taken.has(`${purpose} ${fresh}`) && !sharesPart(original, fresh)) break;
      }
      this.#taken.of(`${purpose} ${fresh}`, () => true);
      return fresh;
    });
  }

  #freshText(purpose: string, original: string, attempt: number): string {
    const random = this.bytes(`${purpose} ${attempt}`, Buffer.from(original, 'utf16le'), original.length);
    return Array.from({ length: original.length }, (_, i) => {
      const unit = original[i]!;
      if (unit === '-' || unit === '.') return unit;
      const alphabet = DIGITS.includes(unit) ? DIGITS : UPPER.includes(unit) ? UPPER : LOWER;
      return alphabet[random[i]! % alphabet.length]!;
    }).join('');
  }

  /** A hardware address; zeros and broadcast stay, and whether it is a group address. */
  hardwareAddress(address: Uint8Array): Buffer {
    if (address.every((octet) => octet === 0) || address.every((octet) => octet === 0xff))
      return Buffer.from(address);
    return this.#hardware.of(textOf(address), () => {
      const fresh = this.bytes('hardware', address, address.length);
      fresh[0] = (fresh[0]! & 0xfc) | 0x02 | (address[0]! & 1); // locally administered
      return fresh;
    });
  }

  /**
   * An IPv4 or IPv6 address: two that share their first n bits share the first n bits of what replaces them (Xu et al.,
   * "Prefix-Preserving IP Address Anonymization", 2002). The bits that tell the class (IPv4) or the kind (IPv6) of the
   * address stay, so that a unicast address remains one.
   */
  address(address: Uint8Array): Buffer {
    return this.#addresses.of(textOf(address), () => {
      const stays = address.length === 4 ? classBits(address[0]!) : kindBits(address[0]!);
      return this.#prefixes.change(address, stays);
    });
  }
}

const textOf = (octets: Uint8Array): string =>
  Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1');

/** 0, 10, 110, 1110, 1111. */
const classBits = (first: number): number => (first < 0x80 ? 1 : first < 0xc0 ? 2 : first < 0xe0 ? 3 : 4);

/** Multicast ff::/8, link-local fe80::/10, else the first three bits. */
const kindBits = (first: number): number => (first === 0xff ? 8 : first === 0xfe ? 10 : 3);

/** Whether a label of two letters or digits or more is found again. */
function sharesPart(original: string, fresh: string): boolean {
  const lower = fresh.toLowerCase();
  const labels = original.toLowerCase().split(/[^a-z0-9]+/);
  return original === fresh || labels.some((label) => label.length > 2 && lower.includes(label));
}
