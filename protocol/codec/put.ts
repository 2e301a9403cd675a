import { ProtocolError } from '../errors';
import { writeGuid } from '../guid';
import type { Derivation } from '../layout';
import { writeUnits } from '../text';

/** What the compiled encoders call: values are checked on their way into the bytes, and sizes derived. */

export function badInput(path: string, offset: number, expected: string, actual: unknown): never {
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

export function checkUint(value: unknown, size: number, path: string, offset: number): number {
  if (typeof value !== 'number' || value >>> 0 !== value || value > MAX_UINT[size]!) {
    badInput(path, offset, `an integer of ${size} bytes`, value);
  }
  return value;
}

export function checkBigint(value: unknown, size: number, path: string, offset: number): bigint {
  if (typeof value !== 'bigint' || value < 0n || value > MAX_BIGINT[size]!) {
    badInput(path, offset, `a bigint of ${size} bytes`, value);
  }
  return value;
}

export function putBytes(
  target: Uint8Array,
  offset: number,
  value: unknown,
  size: number,
  path: string,
): void {
  if (value === undefined) {
    target.fill(0, offset, offset + size);
  } else if (value instanceof Uint8Array && value.length === size) {
    target.set(value, offset);
  } else {
    badInput(path, offset, `${size} bytes`, value);
  }
}

export function putText(
  target: Uint8Array,
  offset: number,
  value: unknown,
  size: number,
  path: string,
): void {
  if (typeof value === 'string' && value.length * 2 + 2 <= size) {
    writeUnits(target, offset, value);
    target.fill(0, offset + value.length * 2, offset + size);
  } else if (value instanceof Uint8Array) {
    putBytes(target, offset, value, size, path);
  } else {
    badInput(path, offset, `text of at most ${size / 2 - 1} code units`, value);
  }
}

export function putGuid(
  target: Uint8Array,
  offset: number,
  value: unknown,
  bigEndian: boolean,
  path: string,
): void {
  if (typeof value !== 'string') badInput(path, offset, 'a GUID', value);
  try {
    writeGuid(target, offset, value, bigEndian);
  } catch (error) {
    throw error instanceof ProtocolError ? new ProtocolError({ ...error, path }) : error;
  }
}

/** Bytes of a variable field: text takes its NUL along, a missing field takes none. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 2 * value.length + 2;
  return value instanceof Uint8Array ? value.length : 0;
}

export function derived(input: Record<string, unknown>, by: Derivation): number {
  const from = input[by.of];
  if (by.as === 'bytes') return sizeOf(from);
  return Array.isArray(from) ? from.length : 0;
}

export const paddingSize = (offset: number, multiple: number): number =>
  (multiple - (offset % multiple)) % multiple;

/** Typed callers cannot leave a structure out; values that come from JSON can. */
export function checkValues(value: unknown, path: string, offset: number): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) badInput(path, offset, 'a structure', value);
  return value as Record<string, unknown>;
}
