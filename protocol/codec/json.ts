import { formatFiletime } from '../filetime';
import type { Field, Layout, ValueOf } from '../layout';

/** What JSON can say. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** A decoded value as JSON: 64-bit values are decimal strings, bytes are hex, text that is none is `{ "hex": … }`. */
export function toJson<L extends Layout>(of: L, value: ValueOf<L>): { [name: string]: Json } {
  return Object.fromEntries(
    Object.entries(of.fields).map(([name, field]) => [
      name,
      fieldToJson(field, (value as Record<string, unknown>)[name]),
    ]),
  );
}

function fieldToJson(field: Field, value: unknown): Json {
  switch (field.kind) {
    case 'uint':
      return value as number;
    case 'u64':
    case 'ndrUint':
      return String(value);
    case 'guid':
      return value as string;
    case 'bytes':
    case 'padding':
      return hex(value as Uint8Array);
    case 'text':
      return typeof value === 'string' ? value : { hex: hex(value as Uint8Array) };
    case 'struct':
      return toJson(field.layout, value as Record<string, never>);
    case 'list':
      return (value as Record<string, never>[]).map((item) => toJson(field.layout, item));
  }
}

/** One field's value as a person reads it: names of known values, dates, GUIDs, quoted text. */
export function displayValue(field: Field, value: unknown): string {
  switch (field.kind) {
    case 'uint': {
      const known = field.values?.[value as number];
      return known === undefined ? String(value) : `${value as number} (${known})`;
    }
    case 'u64':
      return field.format === 'filetime' ? formatFiletime(value as bigint) : String(value);
    case 'text':
      return typeof value === 'string' ? JSON.stringify(value) : `not text: ${hex(value as Uint8Array)}`;
    case 'ndrUint':
    case 'guid':
    case 'bytes':
    case 'padding':
    case 'struct':
    case 'list':
      return value instanceof Uint8Array ? hex(value) : String(value);
  }
}

/** Bytes as lower-case hexadecimal digits, two to a byte. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}
