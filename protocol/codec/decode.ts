import { ProtocolError, type ProtocolErrorCode } from '../errors';
import { readGuid } from '../guid';
import type { Extent, Field, Layout, ValueOf } from '../layout';
import { readFilledText, readTerminatedText } from '../text';
import { type Encoding, encodingIndex, LITTLE_ENDIAN } from './encoding';
import { readU64, readUint } from './source';

/** Bytes, and how far they were read. Nested structures share one. */
export class Cursor {
  /** Names of the structures around the field being read, joined by dots; empty outside of them. */
  path = '';
  spans: FieldSpan[] | null = null;

  constructor(
    readonly bytes: Uint8Array,
    public offset: number,
    readonly end: number,
  ) {}

  fail(code: ProtocolErrorCode, name: string, offset: number, expected: string, actual: string): never {
    throw new ProtocolError({ code, path: this.#at(name), offset, expected, actual });
  }

  truncated(name: string, offset: number, wanted: number): never {
    const left = Math.max(0, this.end - offset);
    return this.fail('truncated', name, offset, `${sizeInWords(wanted)} bytes`, `${left} bytes`);
  }

  /** Called by decoders that are compiled to record spans. */
  span(name: string, field: Field, offset: number, length: number, value: unknown): void {
    this.spans!.push({ path: this.#at(name), field, offset, length, value });
  }

  #at(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }
}

/** A size that no message has comes from a wrong length: its octets say more than a decimal number, which a double rounds. */
const sizeInWords = (size: number): string =>
  size > 0x7fff_ffff ? `0x${BigInt(size).toString(16).toUpperCase()}` : `${size}`;

/** Where one field stands in the bytes. Structures and lists contribute their inner fields. */
export interface FieldSpan {
  readonly path: string;
  readonly field: Field;
  readonly offset: number;
  readonly length: number;
  readonly value: unknown;
}

type Decoder = (cursor: Cursor) => unknown;

/** Compiled decoders by layout, plain and span-recording, for each encoding. */
const decoders = new WeakMap<Layout, Decoder[]>();

/** What generated code calls: `c` cursor, `b` bytes, `o` offset, `end` limit are locals of it. */
const runtime = { readGuid, readU64, readFilledText, readTerminatedText, part };

const NOTHING = new Uint8Array(0);

/** Bytes of a field, in the memory of `bytes`; most rests and paddings are empty, and need no view of their own. */
function part(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return start === end ? NOTHING : bytes.subarray(start, end);
}

/**
 * The compiled decoder of a layout in one encoding, made once and kept; `recordSpans` has it note which bytes each field
 * took. It throws ProtocolError.
 */
export function decoderOf(of: Layout, encoding: Encoding, recordSpans: boolean): Decoder {
  let compiled = decoders.get(of);
  if (compiled === undefined) decoders.set(of, (compiled = []));
  const index = encodingIndex(encoding) + (recordSpans ? 4 : 0);
  return (compiled[index] ??= compile(of, encoding, recordSpans));
}

/**
 * Decodes one structure that must fill `bytes` exactly.
 * @throws ProtocolError `truncated`, `trailing` or `bad-value`, with path and offset
 */
export function decode<L extends Layout>(of: L, bytes: Uint8Array, encoding = LITTLE_ENDIAN): ValueOf<L> {
  const cursor = new Cursor(bytes, 0, bytes.length);
  const value = decodeFrom(of, cursor, encoding);
  checkEnd(of, cursor);
  return value;
}

function checkEnd(of: Layout, cursor: Cursor): void {
  const left = cursor.end - cursor.offset;
  if (left !== 0) cursor.fail('trailing', of.name, cursor.offset, 'the end', `${left} bytes more`);
}

/** Decodes one structure where the cursor stands and moves it to the structure's end. */
export function decodeFrom<L extends Layout>(of: L, cursor: Cursor, encoding = LITTLE_ENDIAN): ValueOf<L> {
  const outer = cursor.path;
  cursor.path = outer === '' ? of.name : `${outer}.${of.name}`;
  const value = decoderOf(of, encoding, cursor.spans !== null)(cursor) as ValueOf<L>;
  cursor.path = outer;
  return value;
}

/**
 * The byte-to-field map: every field of the structure in the order of the wire.
 * @throws ProtocolError as `decode` does
 */
export function fieldMap(of: Layout, bytes: Uint8Array, encoding = LITTLE_ENDIAN): FieldSpan[] {
  const cursor = new Cursor(bytes, 0, bytes.length);
  cursor.spans = [];
  decodeFrom(of, cursor, encoding);
  checkEnd(of, cursor);
  return cursor.spans;
}

/**
 * Decoders are compiled from the layout as a JavaScript function: the fields become locals and one
 * object literal, as a person would write them by hand. Names come from layouts, never from input.
 */
function compile(of: Layout, encoding: Encoding, recordSpans: boolean): Decoder {
  const names = Object.keys(of.fields);
  const inner: unknown[] = [];
  const body = names.flatMap((name) => {
    const field = of.fields[name]!;
    const read = fieldSource(of, name, encoding, (decoder) => inner.push(decoder) - 1, recordSpans);
    const nested = field.kind === 'struct' || field.kind === 'list';
    if (!recordSpans || nested) return [read];
    const record = `c.span('${name}', fields['${name}'], at, o - at, ${local(name)}); }`;
    return [`var ${local(name)}; { const at = o; ${read.replace(/^const (?=v_)/gm, '')} ${record}`];
  });
  const source = [
    `const { ${Object.keys(runtime).join(', ')} } = runtime;`,
    'return function decodeLayout(c) {',
    'const b = c.bytes; const end = c.end; let o = c.offset;',
    ...body,
    'c.offset = o;',
    `return { ${names.map((name) => `${name}: ${local(name)}`).join(', ')} };`,
    '};',
  ].join('\n');
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
  return new Function('runtime', 'inner', 'fields', source)(runtime, inner, of.fields) as Decoder;
}

const local = (name: string): string => `v_${name}`;

function fieldSource(
  of: Layout,
  name: string,
  encoding: Encoding,
  addInner: (decoder: Decoder) => number,
  recordSpans: boolean,
): string {
  const field = of.fields[name]!;
  const need = (bytes: number | string): string =>
    `if (o + ${bytes} > end) c.truncated('${name}', o, ${bytes});`;
  const value = `const ${local(name)} =`;
  switch (field.kind) {
    case 'uint':
      return `${need(field.size)}\n${value} ${readUint(field.size, encoding.bigEndian)}; o += ${field.size};`;
    case 'u64':
      return `${need(8)}\n${value} readU64(b, o, ${encoding.bigEndian}); o += 8;`;
    case 'ndrUint':
      return encoding.ndrWidth === 8
        ? `${need(8)}\n${value} readU64(b, o, ${encoding.bigEndian}); o += 8;`
        : `${need(4)}\n${value} BigInt(${readUint(4, encoding.bigEndian)}); o += 4;`;
    case 'guid':
      return `${need(16)}\n${value} readGuid(b, o, ${encoding.bigEndian}); o += 16;`;
    case 'bytes': {
      const length = extentSource(of, field.length);
      return `${need(length)}\n${value} part(b, o, o + ${length}); o += ${length};`;
    }
    case 'text': {
      const length = extentSource(of, field.length);
      const reader = typeof field.length === 'number' ? 'readFilledText' : 'readTerminatedText';
      return `${need(length)}\n${value} ${reader}(b, o, o + ${length}); o += ${length};`;
    }
    case 'padding': {
      const length = `((${field.multiple} - o % ${field.multiple}) % ${field.multiple})`;
      return `${need(length)}\n${value} part(b, o, o + ${length}); o += ${length};`;
    }
    case 'struct': {
      const index = addInner(decoderOf(field.layout, encoding, recordSpans));
      return [
        `const outer_${name} = c.path; c.path += '.${name}'; c.offset = o;`,
        `${value} inner[${index}](c);`,
        `o = c.offset; c.path = outer_${name};`,
      ].join('\n');
    }
    case 'list': {
      const index = addInner(decoderOf(field.layout, encoding, recordSpans));
      return [
        `${value} []; const outer_${name} = c.path; c.offset = o;`,
        `for (let i = 0; i < ${local(field.count)}; i++) {`,
        `c.path = outer_${name} + '.${name}[' + i + ']'; ${local(name)}.push(inner[${index}](c));`,
        '}',
        `o = c.offset; c.path = outer_${name};`,
      ].join('\n');
    }
  }
}

/** Source for the length of a field. One that another field gives is checked against the end before it is used. */
function extentSource(of: Layout, length: Extent): string {
  if (length === 'rest') return '(end - o)';
  if (typeof length === 'number') return String(length);
  const given = local(length.field);
  return of.fields[length.field]?.kind === 'ndrUint' ? `Number(${given})` : given;
}
