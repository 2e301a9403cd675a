import type { Derivation, Field, InputOf, Layout } from '../layout';
import { type Encoding, encodingIndex, LITTLE_ENDIAN } from './encoding';
import {
  badInput,
  checkBigint,
  checkUint,
  checkValues,
  derived,
  paddingSize,
  putBytes,
  putGuid,
  putText,
  sizeOf,
} from './put';
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

function listSize(encoder: Encoder, items: unknown, start: number, path: string): number {
  if (!Array.isArray(items)) badInput(path, start, 'a list', items);
  let offset = start;
  for (const item of items) offset += encoder.size(checkValues(item, path, offset), offset);
  return offset - start;
}

/** What generated code calls: `v` value, `b` bytes, `o` offset are locals of it. */
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
