import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

const HEX: readonly string[] = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));

/**
 * Seeded randomness: the same seed gives the same values in the same order, on every machine. Runs take one of these,
 * never Math.random, so that they can be repeated.
 */
export class Random {
  readonly #generator: RandomGenerator;

  /** @param seed any integer; printed by every run */
  constructor(readonly seed: number) {
    this.#generator = generatorOf(seed | 0, Math.floor(seed / 0x100000000) | 0);
  }

  /** A generator of its own for one part of the work: what one part draws does not shift what another does. */
  fork(label: string): Random {
    return new Random(hashText(`${this.seed}/${label}`));
  }

  /** 32 bits, from 0 to 2^32-1. */
  uint32(): number {
    return this.#generator.next() >>> 0;
  }

  /** From `min` to `max`, both included; safe integers. */
  int(min: number, max: number): number {
    return uniformInt(this.#generator, min, max);
  }

  /** From 0 to 1, 1 excluded, in steps of 2^-32. */
  fraction(): number {
    return this.uint32() / 0x100000000;
  }

  /** True in `probability` of all cases. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** One of `values`, each as likely. @throws RangeError where there are none */
  pick<T>(values: readonly T[]): T {
    if (values.length === 0) throw new RangeError('nothing to pick from');
    return values[this.int(0, values.length - 1)]!;
  }

  /** A copy of `values` in random order (Fisher and Yates). */
  shuffle<T>(values: readonly T[]): T[] {
    const shuffled = [...values];
    for (let last = shuffled.length - 1; last > 0; last--) {
      const other = this.int(0, last);
      [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
    }
    return shuffled;
  }

  /** A time until the next event where events come at random, `mean` apart on average. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.fraction());
  }

  bytes(length: number): Uint8Array {
    const octets = new Uint8Array(length);
    for (let i = 0; i < length; i++) octets[i] = this.uint32() & 0xff;
    return octets;
  }

  /** A GUID of version 4 (RFC 4122, 4.4), lower case. */
  guid(): string {
    const a = this.uint32();
    const b = (this.uint32() & 0xffff0fff) | 0x4000;
    const c = (this.uint32() & 0x3fffffff) | 0x80000000;
    const d = this.uint32();
    return `${hex32(a)}-${hex16(b >>> 16)}-${hex16(b)}-${hex16(c >>> 16)}-${hex16(c)}${hex32(d)}`;
  }
}

/** A seed for a run that was given none: the only place that is not repeatable, which is why it is printed. */
export function freshSeed(): number {
  return Math.floor(Math.random() * 0x7fffffff);
}

const hex16 = (value: number): string => HEX[(value >>> 8) & 0xff]! + HEX[value & 0xff]!;
const hex32 = (value: number): string => hex16(value >>> 16) + hex16(value);

/** The four words of state are mixed from the seed: small seeds as they are give poor first values. */
function generatorOf(low: number, high: number): RandomGenerator {
  const words = [1, 2, 3, 4].map((word) => mix(mix(low + Math.imul(word, 0x9e3779b9)) ^ high));
  return xoroshiro128plusFromState(words.every((word) => word === 0) ? [1, 2, 3, 4] : words);
}

/** The finaliser of MurmurHash3: every bit of the input bears on every bit of the output. */
function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** FNV-1a, 32 bits, then mixed. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash) >>> 0;
}
