import { ProtocolError } from '../errors';
import { writeGuid } from '../guid';
import type { Derivation, Field, InputOf, Layout } from '../layout';
import { writeUnits } from '../text';
import { type Encoding, encodingIndex, LITTLE_ENDIAN } from './encoding';
import { writeU64, writeUint } from './source';

type Values = Record<string, unknown>;

interface Encoder {
  /** Bytes that `value` takes when it starts at offset `start` of the whole. */
  size(value: Values, start: number): number;
  /** Writes at `offset` and returns the offset behind it. */
  write(value: Values, bytes: Uint8Array, offset: number): number;
}

const encoders = new WeakMap<Layout, Encoder[]>();

function encoderOf(of: Layout, encoding: Encoding): Encoder {
  let compiled = encoders.get(of);
  if (compiled === undefined) encoders.set(of, (compiled = []));
  return (compiled[encodingIndex(encoding)] ??= compile(of, encoding));
}

/**
 * Encodes one structure. What is left out (lengths, counts, padding, fields with an initial value) is derived;
 * what is given is written as it is, wrong or not.
 * @throws ProtocolError `bad-input` where a value does not fit its field
 */
export function encode<L extends Layout>(of: L, value: InputOf<L>, encoding = LITTLE_ENDIAN): Uint8Array {
  return encodeAfter(0, of, value, encoding);
}

/** `encode` into bytes that have room for `before` more in front, which the caller fills. */
export function encodeAfter<L extends Layout>(
  before: number,
  of: L,
  value: InputOf<L>,
  encoding = LITTLE_ENDIAN,
): Uint8Array {
  const encoder = encoderOf(of, encoding);
  const size = encoder.size(value, before);
  // Every byte is written below, so that the pool's old bytes never show.
  const bytes = Buffer.allocUnsafe(before + size);
  encoder.write(value, bytes, before);
  return bytes;
}

/** Encodes into bytes that are there, such as the room in front of what `encodeAfter` wrote. */
export function encodeInto<L extends Layout>(
  target: Uint8Array,
  offset: number,
  of: L,
  value: InputOf<L>,
  encoding = LITTLE_ENDIAN,
): void {
  encoderOf(of, encoding).write(value, target, offset);
}

function badInput(path: string, offset: number, expected: string, actual: unknown): never {
  throw new ProtocolError({ code: 'bad-input', path, offset, expected, actual: shown(actual) });
}

function shown(actual: unknown): string {
  if (actual === undefined) return 'nothing';
  if (actual instanceof Uint8Array) return `${actual.length} bytes`;
  if (typeof actual === 'string') return JSON.stringify(actual);
  return typeof actual === 'number' || typeof actual === 'bigint'
    ? `${actual}`
    : `a value of type ${typeof actual}`;
}

/** The largest integers of so many bytes: 1, 2 or 4, and 4 or 8. */
const MAX_UINT: readonly number[] = [0, 0xff, 0xffff, 0, 0xffffffff];
const MAX_BIGINT: Readonly<Record<number, bigint>> = { 4: 0xffffffffn, 8: 0xffffffffffffffffn };

function checkUint(value: unknown, size: number, path: string, offset: number): number {
  if (typeof value !== 'number' || value >>> 0 !== value || value > MAX_UINT[size]!) {
    badInput(path, offset, `an integer of ${size} bytes`, value);
  }
  return value;
}

function checkBigint(value: unknown, size: number, path: string, offset: number): bigint {
  if (typeof value !== 'bigint' || value < 0n || value > MAX_BIGINT[size]!) {
    badInput(path, offset, `a bigint of ${size} bytes`, value);
  }
  return value;
}

function putBytes(target: Uint8Array, offset: number, value: unknown, size: number, path: string): void {
  if (value === undefined) {
    target.fill(0, offset, offset + size);
  } else if (value instanceof Uint8Array && value.length === size) {
    target.set(value, offset);
  } else {
    badInput(path, offset, `${size} bytes`, value);
  }
}

function putText(target: Uint8Array, offset: number, value: unknown, size: number, path: string): void {
  if (typeof value === 'string' && value.length * 2 + 2 <= size) {
    writeUnits(target, offset, value);
    target.fill(0, offset + value.length * 2, offset + size);
  } else if (value instanceof Uint8Array) {
    putBytes(target, offset, value, size, path);
  } else {
    badInput(path, offset, `text of at most ${size / 2 - 1} code units`, value);
  }
}

function putGuid(target: Uint8Array, offset: number, value: unknown, bigEndian: boolean, path: string): void {
  if (typeof value !== 'string') badInput(path, offset, 'a GUID', value);
  try {
    writeGuid(target, offset, value, bigEndian);
  } catch (error) {
    throw error instanceof ProtocolError ? new ProtocolError({ ...error, path }) : error;
  }
}

/** Bytes of a variable field: text takes its NUL along, a missing field takes none. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 2 * value.length + 2;
  return value instanceof Uint8Array ? value.length : 0;
}

function derived(input: Values, by: Derivation): number {
  const from = input[by.of];
  if (by.as === 'bytes') return sizeOf(from);
  return Array.isArray(from) ? from.length : 0;
}

const paddingSize = (offset: number, multiple: number): number => (multiple - (offset % multiple)) % multiple;

/** Typed callers cannot leave a structure out; values that come from JSON can. */
function checkValues(value: unknown, path: string, offset: number): Values {
  if (typeof value !== 'object' || value === null) badInput(path, offset, 'a structure', value);
  return value as Values;
}

function listSize(encoder: Encoder, items: unknown, start: number, path: string): number {
  if (!Array.isArray(items)) badInput(path, start, 'a list', items);
  let offset = start;
  for (const item of items) offset += encoder.size(checkValues(item, path, offset), offset);
  return offset - start;
}

const runtime = {
  checkUint,
  checkBigint,
  putBytes,
  putText,
  putGuid,
  sizeOf,
  derived,
  paddingSize,
  listSize,
  checkValues,
  writeU64,
};

function compile(of: Layout, encoding: Encoding): Encoder {
  const inner: unknown[] = [];
  const sizes: string[] = [];
  const writes: string[] = [];
  for (const [name, field] of Object.entries(of.fields)) {
    const index =
      field.kind === 'struct' || field.kind === 'list'
        ? inner.push(encoderOf(field.layout, encoding)) - 1
        : -1;
    sizes.push(sizeSource(`${of.name}.${name}`, name, field, encoding, index));
    writes.push(writeSource(`${of.name}.${name}`, name, field, encoding, index));
  }
  const source = [
    `const { ${Object.keys(runtime).join(', ')} } = runtime;`,
    'return {',
    `size(v, start) { let o = start; ${sizes.join('\n')} return o - start; },`,
    `write(v, b, o) { ${writes.join('\n')} return o; },`,
    '};',
  ].join('\n');
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
  return new Function('runtime', 'inner', 'fields', source)(runtime, inner, of.fields) as Encoder;
}

function sizeSource(path: string, name: string, field: Field, encoding: Encoding, index: number): string {
  switch (field.kind) {
    case 'uint':
      return `o += ${field.size};`;
    case 'u64':
      return 'o += 8;';
    case 'ndrUint':
      return `o += ${encoding.ndrWidth};`;
    case 'guid':
      return 'o += 16;';
    case 'bytes':
    case 'text':
      return typeof field.length === 'number' ? `o += ${field.length};` : `o += sizeOf(v.${name});`;
    case 'padding':
      return `o += v.${name} === undefined ? paddingSize(o, ${field.multiple}) : sizeOf(v.${name});`;
    case 'struct':
      return `o += inner[${index}].size(checkValues(v.${name}, '${path}', o), o);`;
    case 'list':
      return `o += listSize(inner[${index}], v.${name}, o, '${path}');`;
  }
}

function writeSource(path: string, name: string, field: Field, encoding: Encoding, index: number): string {
  const value = `v.${name}`;
  switch (field.kind) {
    case 'uint': {
      const given = `let n = ${value}; if (n === undefined) n = ${defaultSource(name, field)};`;
      const check = `n = checkUint(n, ${field.size}, '${path}', o);`;
      return `{ ${given} ${check} ${writeUint(field.size, encoding.bigEndian, 'n')} o += ${field.size}; }`;
    }
    case 'u64':
      return `writeU64(b, o, checkBigint(${value}, 8, '${path}', o), ${encoding.bigEndian}); o += 8;`;
    case 'ndrUint': {
      const given = `let n = ${value}; if (n === undefined) n = ${defaultSource(name, field)};`;
      const check = `n = checkBigint(n, ${encoding.ndrWidth}, '${path}', o);`;
      const write =
        encoding.ndrWidth === 8
          ? `writeU64(b, o, n, ${encoding.bigEndian});`
          : `n = Number(n); ${writeUint(4, encoding.bigEndian, 'n')}`;
      return `{ ${given} ${check} ${write} o += ${encoding.ndrWidth}; }`;
    }
    case 'guid':
      return `putGuid(b, o, ${value}, ${encoding.bigEndian}, '${path}'); o += 16;`;
    case 'bytes':
      return withSize(field.length, value, 'putBytes', path);
    case 'text':
      return withSize(field.length, value, 'putText', path);
    case 'padding': {
      const size = `const n = ${value} === undefined ? paddingSize(o, ${field.multiple}) : sizeOf(${value});`;
      return `{ ${size} putBytes(b, o, ${value}, n, '${path}'); o += n; }`;
    }
    case 'struct':
      return `o = inner[${index}].write(${value}, b, o);`;
    case 'list':
      return `for (const item of ${value}) o = inner[${index}].write(item, b, o);`;
  }
}

function withSize(length: unknown, value: string, put: string, path: string): string {
  const size = typeof length === 'number' ? String(length) : `sizeOf(${value})`;
  return `{ const n = ${size}; ${put}(b, o, ${value}, n, '${path}'); o += n; }`;
}

/** What stands for a field that the input leaves out; nothing, if it may not be left out: the check then says so. */
function defaultSource(
  name: string,
  field: { initial?: number | bigint; derive?: Derivation; kind: string },
): string {
  const big = field.kind === 'ndrUint';
  if (field.derive !== undefined) {
    const count = `derived(v, fields.${name}.derive)`;
    return big ? `BigInt(${count})` : count;
  }
  if (field.initial !== undefined) return big ? `${field.initial}n` : String(field.initial);
  return 'undefined';
}
