import { formatFiletime, readGuid } from '../../../../protocol';
import { VALUE } from './evtx-format';

/** A value of a template instance: where it stands in the chunk. */
export interface ValueExtent {
  readonly type: number;
  readonly start: number;
  readonly size: number;
}

type Format = (bytes: Buffer, at: number, size: number) => string;

const hex = (value: number | bigint): string => `0x${value.toString(16)}`;

/** Values of a fixed size, for arrays too. */
const FIXED: Readonly<Record<number, { readonly size: number; readonly format: Format }>> = {
  [VALUE.int8]: { size: 1, format: (bytes, at) => String(bytes.readInt8(at)) },
  [VALUE.uint8]: { size: 1, format: (bytes, at) => String(bytes.readUInt8(at)) },
  [VALUE.int16]: { size: 2, format: (bytes, at) => String(bytes.readInt16LE(at)) },
  [VALUE.uint16]: { size: 2, format: (bytes, at) => String(bytes.readUInt16LE(at)) },
  [VALUE.int32]: { size: 4, format: (bytes, at) => String(bytes.readInt32LE(at)) },
  [VALUE.uint32]: { size: 4, format: (bytes, at) => String(bytes.readUInt32LE(at)) },
  [VALUE.int64]: { size: 8, format: (bytes, at) => String(bytes.readBigInt64LE(at)) },
  [VALUE.uint64]: { size: 8, format: (bytes, at) => String(bytes.readBigUInt64LE(at)) },
  [VALUE.real32]: { size: 4, format: (bytes, at) => String(bytes.readFloatLE(at)) },
  [VALUE.real64]: { size: 8, format: (bytes, at) => String(bytes.readDoubleLE(at)) },
  [VALUE.boolean]: { size: 4, format: (bytes, at) => String(bytes.readUInt32LE(at) !== 0) },
  [VALUE.guid]: { size: 16, format: (bytes, at) => readGuid(bytes, at) },
  [VALUE.filetime]: { size: 8, format: filetime },
  [VALUE.systemTime]: { size: 16, format: systemTime },
  [VALUE.hex32]: { size: 4, format: (bytes, at) => hex(bytes.readUInt32LE(at)) },
  [VALUE.hex64]: { size: 8, format: (bytes, at) => hex(bytes.readBigUInt64LE(at)) },
};

/** Milliseconds are enough, and a tenth of the time of seven decimals. */
function filetime(bytes: Buffer, at: number): string {
  const ticks = bytes.readBigUInt64LE(at);
  const ms = Number(ticks / 10_000n) - UNIX_EPOCH_MS;
  return ms <= LAST_DATE_MS ? new Date(ms).toISOString() : formatFiletime(ticks);
}

/** 1601-01-01 to 1970-01-01. */
const UNIX_EPOCH_MS = 11_644_473_600_000;
const LAST_DATE_MS = 253_402_300_799_999;

/** Year, month, day of the week, day, hour, minute, second, millisecond, 16 bits each. */
function systemTime(bytes: Buffer, at: number): string {
  const part = (index: number, digits: number): string =>
    String(bytes.readUInt16LE(at + 2 * index)).padStart(digits, '0');
  return `${part(0, 4)}-${part(1, 2)}-${part(3, 2)}T${part(4, 2)}:${part(5, 2)}:${part(6, 2)}.${part(7, 3)}Z`;
}

/** The texts that a value stands for: one, or one for each item of an array. The caller has checked that the bytes are there. */
export function valueTexts(bytes: Buffer, { type, start, size }: ValueExtent): string[] {
  const item = type & ~VALUE.array;
  const isArray = (type & VALUE.array) !== 0;
  if (item === VALUE.string || item === VALUE.ansiString) {
    const encoding = item === VALUE.string ? 'utf16le' : 'latin1';
    const text = bytes.toString(encoding, start, start + size);
    return isArray ? text.replace(/\0$/, '').split('\0') : [withoutNuls(text)];
  }
  const fixed = FIXED[item];
  if (fixed === undefined || fixed.size > size)
    return [bytes.toString('hex', start, start + size).toUpperCase()];
  const count = isArray ? Math.floor(size / fixed.size) : 1;
  return Array.from({ length: count }, (_, i) => fixed.format(bytes, start + i * fixed.size, fixed.size));
}

/** By hand: an expression for it takes the square of the time on texts that are nothing but NULs. */
function withoutNuls(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--;
  return text.slice(0, end);
}
