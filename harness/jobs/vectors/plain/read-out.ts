import type { Encoding, Extent, Field, Json, Layout } from '../../../../protocol';
import { hexOf, type Value } from './lay-out';

/**
 * Reads recorded octets as their table says; like `layOut`, written apart from protocol/codec. What is read is a recording: it holds
 * whole structures, and what does not is an error of ours.
 * @param start where in `octets` the structure begins
 */
export function readOut(of: Layout, octets: Uint8Array, encoding: Encoding, start = 0): Value {
  return new Reader(octets, encoding, start).structure(of);
}

class Reader {
  constructor(
    readonly octets: Uint8Array,
    readonly encoding: Encoding,
    public at: number,
  ) {}

  structure(of: Layout): Value {
    const value: Record<string, Json> = {};
    for (const [name, field] of Object.entries(of.fields)) value[name] = this.#field(field, value);
    return value;
  }

  #field(field: Field, before: Value): Json {
    switch (field.kind) {
      case 'uint':
        return Number(this.#integer(field.size));
      case 'u64':
        return String(this.#integer(8));
      case 'ndrUint':
        return String(this.#integer(this.encoding.ndrWidth));
      case 'guid':
        return this.#guid();
      case 'bytes':
        return hexOf(this.#take(this.#extent(field.length, before)));
      case 'text':
        return textOf(this.#take(this.#extent(field.length, before)), typeof field.length === 'number');
      case 'padding':
        return hexOf(this.#take(-this.at & (field.multiple - 1)));
      case 'struct':
        return this.structure(field.layout);
      case 'list':
        return Array.from(
          { length: before[field.count] as number },
          () => this.structure(field.layout) as Json,
        );
    }
  }

  #extent(length: Extent, before: Value): number {
    if (length === 'rest') return this.octets.length - this.at;
    return typeof length === 'number' ? length : Number(before[length.field]);
  }

  #take(size: number): number[] {
    if (this.at + size > this.octets.length) {
      throw new Error(
        `a recording ends within a field: ${size} octets at ${this.at} of ${this.octets.length}`,
      );
    }
    const taken = [...this.octets.subarray(this.at, this.at + size)];
    this.at += size;
    return taken;
  }

  #integer(size: number): bigint {
    const octets = this.#take(size);
    if (!this.encoding.bigEndian) octets.reverse();
    return BigInt(`0x${hexOf(octets)}`);
  }

  #guid(): string {
    const groups = [4, 2, 2, 2, 6].map((size) => this.#take(size));
    return groups
      .map((group, i) => hexOf(i < 3 && !this.encoding.bigEndian ? group.reverse() : group))
      .join('-');
  }
}

/** Text up to the zeros that end it, or the octets where no NUL does. */
function textOf(octets: number[], isFilled: boolean): Json {
  const units = Array.from(
    { length: octets.length >> 1 },
    (_, i) => octets[2 * i]! | (octets[2 * i + 1]! << 8),
  );
  if (octets.length % 2 !== 0 || units.length === 0 || units.at(-1) !== 0) return { hex: hexOf(octets) };
  do units.pop();
  while (isFilled && units.at(-1) === 0);
  return String.fromCharCode(...units);
}
