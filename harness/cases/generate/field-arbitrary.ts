import type { BytesField, Field, NdrUintField, TextField, U64Field, UintField } from '../../../protocol';
import * as drawn from './drawn';
import type { Drawn } from './drawn';

/**
 * What kind of value a generated field holds. `valid`: one that a peer sends; `boundary`: an edge of what the field
 * can hold, or of what is known about it; `hostile`: anything that fits in its bytes, consistent with the rest or not.
 */
export type ValueMode = 'valid' | 'boundary' | 'hostile';

export const VALUE_MODES: readonly ValueMode[] = ['valid', 'boundary', 'hostile'];

/** Sizes where receivers are known to stumble; 236 and 252 are those of the request message. */
const BOUNDARY_SIZES = [0, 1, 2, 3, 4, 7, 8, 15, 16, 17, 235, 236, 251, 252, 253, 256];
const MAX_HOSTILE_SIZE = 300;
const MAX_VALID_SIZE = 64;

const octets = (minLength: number, maxLength: number): Drawn<Uint8Array> =>
  // The default `size: 'small'` would cap the length at some 10 bytes.
  drawn.uint8Array({ minLength, maxLength });

/** Fields whose value does not depend on another: what they give the size of is the caller's concern. */
export type PlainField = Exclude<Field, { readonly kind: 'padding' | 'struct' | 'list' }>;

/** Values of one field. */
export function fieldArbitrary(field: PlainField, mode: ValueMode, ndrWidth: 4 | 8 = 4): Drawn<unknown> {
  switch (field.kind) {
    case 'uint':
      return uintArbitrary(field, mode);
    case 'u64':
      return u64Arbitrary(field, mode);
    case 'ndrUint':
      return ndrArbitrary(field, mode, ndrWidth);
    case 'guid':
      return guidArbitrary(mode);
    case 'bytes':
      return bytesArbitrary(field, mode);
    case 'text':
      return textArbitrary(field, mode);
  }
}

function uintArbitrary(field: UintField, mode: ValueMode): Drawn<number> {
  const max = 2 ** (8 * field.size) - 1;
  const known = Object.keys(field.values ?? {}).map(Number);
  const any = drawn.integer({ min: 0, max });
  if (mode === 'valid') return known.length > 0 ? drawn.constantFrom(...known) : any;
  const edges = [0, 1, 2, max, max - 1, ...powers(8 * field.size), ...around(known)];
  const boundary = drawn.constantFrom(...new Set(edges.filter((value) => value >= 0 && value <= max)));
  return mode === 'boundary' ? boundary : drawn.oneof(boundary, any);
}

/** Where narrower integers end, and the sign bit: 127 and 128, 255 and 256, and so on. */
const powers = (bits: number): number[] =>
  [7, 8, 15, 16, 31].filter((power) => power < bits).flatMap((power) => [2 ** power - 1, 2 ** power]);

const around = (values: readonly number[]): number[] =>
  values.flatMap((value) => [value - 1, value, value + 1]);

const U64_MAX = (1n << 64n) - 1n;
const FILETIME_OF_1970 = 116_444_736_000_000_000n;
/** The end of 9999-12-31, where many date libraries stop. */
const FILETIME_OF_9999 = 2_650_467_743_999_999_999n;

function u64Arbitrary(field: U64Field, mode: ValueMode): Drawn<bigint> {
  const any = bigUint(64);
  if (mode === 'valid') return field.format === 'filetime' ? anyBigint(FILETIME_OF_9999) : any;
  const dates =
    field.format === 'filetime' ? [FILETIME_OF_1970 - 1n, FILETIME_OF_1970, FILETIME_OF_9999] : [];
  const edges = [0n, 1n, (1n << 32n) - 1n, 1n << 32n, (1n << 63n) - 1n, 1n << 63n, U64_MAX - 1n, U64_MAX];
  const boundary = drawn.constantFrom(...edges, ...dates);
  return mode === 'boundary' ? boundary : drawn.oneof(boundary, any);
}

function ndrArbitrary(_field: NdrUintField, mode: ValueMode, ndrWidth: 4 | 8): Drawn<bigint> {
  const any = bigUint(8 * ndrWidth);
  if (mode === 'valid') return any;
  const narrow = [0n, 1n, 251n, 252n, 253n, 0x7fffffffn, 0x80000000n, 0xfffffffen, 0xffffffffn];
  const wide = ndrWidth === 8 ? [1n << 32n, (1n << 32n) + 252n, (1n << 63n) - 1n, 1n << 63n, U64_MAX] : [];
  const boundary = drawn.constantFrom(...narrow, ...wide);
  return mode === 'boundary' ? boundary : drawn.oneof(boundary, any);
}

/** Two 32-bit numbers are several times quicker than `drawn.bigInt`, and shrink as well. */
const bigUint = (bits: number): Drawn<bigint> => {
  const word = drawn.integer({ min: 0, max: 0xffffffff });
  if (bits <= 32) return word.map((low) => BigInt(low));
  return drawn.tuple(word, word).map(([high, low]) => (BigInt(high) << 32n) | BigInt(low));
};

const anyBigint = (max: bigint): Drawn<bigint> => bigUint(64).map((value) => value % (max + 1n));

const HEX: readonly string[] = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));
const hex16 = (value: number): string => HEX[(value >>> 8) & 0xff]! + HEX[value & 0xff]!;

/** A GUID of four words of 32 bits. */
export function guidOfWords([a, b, c, d]: readonly [number, number, number, number]): string {
  const start = `${hex16(a >>> 16)}${hex16(a)}-${hex16(b >>> 16)}-${hex16(b)}-`;
  return `${start}${hex16(c >>> 16)}-${hex16(c)}${hex16(d >>> 16)}${hex16(d)}`;
}

function guidArbitrary(mode: ValueMode): Drawn<string> {
  const word = drawn.integer({ min: 0, max: 0xffffffff });
  const any = drawn.tuple(word, word, word, word).map(guidOfWords);
  if (mode === 'valid') return any;
  const edges = [
    guidOfWords([0, 0, 0, 0]),
    guidOfWords([0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff]),
    guidOfWords([0, 0, 0, 1]),
    guidOfWords([1, 0, 0, 0]),
    guidOfWords([0x80000000, 0, 0, 0]),
  ];
  const boundary = drawn.constantFrom(...edges);
  return mode === 'boundary' ? boundary : drawn.oneof(boundary, any);
}

function bytesArbitrary(field: BytesField, mode: ValueMode): Drawn<Uint8Array> {
  if (typeof field.length === 'number') return fixedBytes(field.length, mode);
  if (mode === 'valid') return octets(0, MAX_VALID_SIZE);
  const boundary = drawn.constantFrom(...BOUNDARY_SIZES).chain((size) => octets(size, size));
  return mode === 'boundary' ? boundary : drawn.oneof(boundary, octets(0, MAX_HOSTILE_SIZE));
}

function fixedBytes(length: number, mode: ValueMode): Drawn<Uint8Array> {
  if (mode === 'valid') return octets(length, length);
  const boundary = drawn
    .constantFrom(0, 1, 0x7f, 0x80, 0xff)
    .map((octet) => new Uint8Array(length).fill(octet));
  return mode === 'boundary' ? boundary : drawn.oneof(boundary, octets(length, length));
}

/** The most code units of a variable text: an ePID of 128 bytes, its NUL included. */
const MAX_VARIABLE_UNITS = 63;
const SURROGATES_AND_CONTROLS = [
  0x01, 0x09, 0x0a, 0x1b, 0x7f, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xfeff, 0xffff,
];

function textArbitrary(field: TextField, mode: ValueMode): Drawn<string | Uint8Array> {
  const maxUnits = typeof field.length === 'number' ? field.length / 2 - 1 : MAX_VARIABLE_UNITS;
  const name = unitsText(drawn.integer({ min: 0x20, max: 0x7e }), 0, Math.min(maxUnits, 15));
  if (mode === 'valid') return name;
  const edges = drawn.constantFrom(
    '',
    'A',
    'A\0B',
    'x'.repeat(maxUnits - 1),
    'x'.repeat(maxUnits),
    `${'x'.repeat(maxUnits - 1)}\ud800`,
    '\ud800',
    '\udc00\ud800',
  );
  const odd = drawn.oneof(
    drawn.constantFrom(...SURROGATES_AND_CONTROLS),
    drawn.integer({ min: 0, max: 0xffff }),
  );
  const boundary = drawn.oneof(edges, unitsText(odd, 0, maxUnits));
  return mode === 'boundary' ? boundary : drawn.oneof(boundary, notText(field));
}

/** Strings of any code units that do not end in NUL: in a filled field that would be a shorter string. */
function unitsText(unit: Drawn<number>, minLength: number, maxLength: number): Drawn<string> {
  return drawn.array(unit, { minLength, maxLength }).map((units) => {
    let end = units.length;
    while (end > 0 && units[end - 1] === 0) end--;
    return String.fromCharCode(...(end === units.length ? units : units.slice(0, end)));
  });
}

/** Octets that are no NUL-terminated text: no NUL at the end, or an odd number of them. */
function notText(field: TextField): Drawn<Uint8Array> {
  const some =
    typeof field.length === 'number'
      ? octets(field.length, field.length)
      : drawn.oneof(
          octets(1, 2 * MAX_VARIABLE_UNITS),
          drawn.constantFrom(1, 127, 129, 256).chain((n) => octets(n, n)),
        );
  return some.map((bytes) => {
    if (bytes.length > 0 && bytes[bytes.length - 1] === 0) bytes[bytes.length - 1] = 0x41;
    return bytes;
  });
}
