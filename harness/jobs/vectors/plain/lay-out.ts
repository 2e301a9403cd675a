import type { Encoding, Extent, Field, Json, Layout } from '../../../../protocol';

/** A value by its layout, as JSON: 64-bit values as decimal strings, octets as hex, text that is none as `{ hex }`. */
export type Value = { readonly [name: string]: Json };

/** Where one field stands, from the start of what was laid out. */
export interface LaidField {
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

export interface Laid {
  readonly octets: readonly number[];
  readonly fields: readonly LaidField[];
  /** What was given, and what follows from it: lengths, counts, initial values, padding. */
  readonly value: Value;
}

/**
 * Lays a value out as its table says, octet by octet. Written apart from protocol/codec, which vectors are there to test: from one it
 * shares nothing with but the tables.
 * @param given derived and initial fields may be left out
 * @param start octets that precede it, from which padding counts
 */
export function layOut(of: Layout, given: Value, encoding: Encoding, start = 0): Laid {
  const writer = new Writer(encoding, start);
  const value = writer.structure(of, given, of.name);
  return { octets: writer.octets, fields: writer.fields, value };
}

/** The octets of an unsigned integer. */
export function integerOctets(value: bigint, size: number, bigEndian: boolean): number[] {
  const octets = Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
  return bigEndian ? octets.reverse() : octets;
}

/** The octets of a GUID: three integers in the byte order of the structure, then eight octets as they are written. */
export function guidOctets(text: string, bigEndian: boolean): number[] {
  const groups = text.split('-').map(octetsOf);
  return groups.flatMap((octets, i) => (i < 3 && !bigEndian ? octets.reverse() : octets));
}

export function octetsOf(hex: string): number[] {
  return Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

export function hexOf(octets: readonly number[]): string {
  return octets.map((octet) => octet.toString(16).padStart(2, '0')).join('');
}

class Writer {
  readonly octets: number[] = [];
  readonly fields: LaidField[] = [];

  constructor(
    readonly encoding: Encoding,
    readonly start: number,
  ) {}

  structure(of: Layout, given: Value, path: string): Value {
    const value: Record<string, Json> = {};
    for (const [name, field] of Object.entries(of.fields)) {
      value[name] = this.#field(field, given[name] ?? missing(of, field, given), `${path}.${name}`);
    }
    return value;
  }

  #field(field: Field, given: Json, path: string): Json {
    switch (field.kind) {
      case 'uint':
        return this.#put(
          path,
          integerOctets(BigInt(given as number), field.size, this.encoding.bigEndian),
          given,
        );
      case 'u64':
        return this.#put(path, integerOctets(BigInt(given as string), 8, this.encoding.bigEndian), given);
      case 'ndrUint':
        return this.#put(path, this.#ndrLength(given as string), given);
      case 'guid':
        return this.#put(path, guidOctets(given as string, this.encoding.bigEndian), given);
      case 'bytes':
        return this.#put(
          path,
          octetsOf((given ?? '00'.repeat(fixed(field.length))) as string),
          given ?? '00'.repeat(fixed(field.length)),
        );
      case 'text':
        return this.#put(path, textOctets(given, field.length), given);
      case 'padding': {
        const size = -(this.start + this.octets.length) & (field.multiple - 1);
        const padding = (given as string | null) ?? '00'.repeat(size);
        return this.#put(path, octetsOf(padding.slice(0, 2 * size)), padding.slice(0, 2 * size));
      }
      case 'struct':
        return this.structure(field.layout, given as Value, path);
      case 'list':
        return (given as Value[]).map(
          (item, i) => this.structure(field.layout, item, `${path}[${i}]`) as Json,
        );
    }
  }

  #ndrLength(given: string): number[] {
    return integerOctets(BigInt(given), this.encoding.ndrWidth, this.encoding.bigEndian);
  }

  #put(path: string, octets: readonly number[], value: Json): Json {
    this.fields.push({ path, offset: this.start + this.octets.length, length: octets.length });
    for (const octet of octets) this.octets.push(octet);
    return value;
  }
}

const fixed = (length: Extent): number => (typeof length === 'number' ? length : 0);

/** UTF-16LE; zeros to the end of a field of fixed length, one NUL in another. */
function textOctets(given: Json, length: Extent): number[] {
  if (typeof given !== 'string') return octetsOf((given as { hex: string }).hex);
  const units = Array.from({ length: given.length }, (_, i) => given.charCodeAt(i));
  const octets = units.flatMap((unit) => [unit & 0xff, unit >> 8]);
  const zeros = typeof length === 'number' ? length - octets.length : 2;
  return [...octets, ...Array.from({ length: zeros }, () => 0)];
}

/** What a field holds that was not given: the size of another, its initial value, or nothing. */
function missing(of: Layout, field: Field, given: Value): Json {
  if (field.kind !== 'uint' && field.kind !== 'ndrUint') return field.kind === 'list' ? [] : null;
  if (field.derive === undefined) return asJson(field, field.initial ?? 0);
  const other = given[field.derive.of] ?? '';
  if (field.derive.as === 'items') return (other as Json[]).length || 0;
  return asJson(field, sizeOf(of.fields[field.derive.of]!, other));
}

const asJson = (field: Field, value: number | bigint): Json =>
  field.kind === 'ndrUint' ? String(value) : Number(value);

function sizeOf(field: Field, value: Json): number {
  if (field.kind === 'text') return textOctets(value, field.length).length;
  return (value as string).length / 2;
}
