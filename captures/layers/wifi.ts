import { type Cursor, HEADER, type ReadHeader, Register, WIFI } from './cursor';

/** Radiotap (radiotap.org): version, padding, its length, little-endian. Some cards pad the 802.11 header to four octets. */
export const radiotap: ReadHeader = (cursor) => {
  const { bytes, at } = cursor;
  if (!cursor.has(8) || cursor.u8(at) !== 0) return false;
  const length = bytes.readUInt16LE(at + 2);
  if (length < 8 || !cursor.has(length)) return false;
  const flags = radiotapFlagsAt(bytes, at, length);
  cursor.padded = flags >= 0 && (bytes[flags]! & DATA_PADDED) !== 0;
  return cursor.go(Register.header, HEADER.wifi, at + length);
};

const TSFT = 1;
const FLAGS = 2;
const DATA_PADDED = 0x20;
const MORE_PRESENT = 0x80000000;

/** Offset behind the words that tell which fields are present. */
export function radiotapFieldsAt(bytes: Buffer, at: number, length: number): number {
  let place = at + 4;
  while (place + 8 <= at + length && (bytes.readUInt32LE(place) & MORE_PRESENT) !== 0) place += 4;
  return place + 4;
}

/** Offset of the frame's flags, -1 where there are none: they stand first but for a time of eight octets, aligned to eight. */
export function radiotapFlagsAt(bytes: Buffer, at: number, length: number): number {
  const present = bytes.readUInt32LE(at + 4);
  if ((present & FLAGS) === 0) return -1;
  let place = radiotapFieldsAt(bytes, at, length);
  if ((present & TSFT) !== 0) place = at + ((place - at + 7) & ~7) + 8;
  return place < at + length ? place : -1;
}

/** Radiotap's forerunners, of fixed or given length. */
export const prism: ReadHeader = (cursor) => {
  const { bytes, at } = cursor;
  if (!cursor.has(144)) return false;
  // AVS headers come under this link type too, with a magic of their own.
  const isAvs = (bytes.readUInt32BE(at) & 0xfffff000) >>> 0 === 0x80211000;
  return cursor.go(Register.header, HEADER.wifi, at + (isAvs ? bytes.readUInt32BE(at + 4) : 144));
};

export const avs: ReadHeader = (cursor) => {
  if (!cursor.has(64)) return false;
  const length = cursor.bytes.readUInt32BE(cursor.at + 4);
  return length >= 64 && length <= 4096 && cursor.go(Register.header, HEADER.wifi, cursor.at + length);
};

const DATA = 2;
const TO_DISTRIBUTION = 1;
const FROM_DISTRIBUTION = 2;
const MORE_FRAGMENTS = 0x04;
const PROTECTED = 0x40;
const ORDER = 0x80;
const QOS = 8;
const NO_DATA = 4;
const AGGREGATED = 0x80;

/** 802.11 (IEEE 802.11, 9.3.2): data that is neither encrypted nor in pieces is read. */
export const wifi: ReadHeader = (cursor) => {
  const { at, padded } = cursor;
  cursor.padded = false;
  if (!cursor.has(24)) return false;
  const [control, flags] = [cursor.u8(at), cursor.u8(at + 1)];
  const subtype = control >> 4;
  if (((control >> 2) & 3) !== DATA || (subtype & NO_DATA) !== 0)
    return cursor.go(Register.wifi, WIFI.noData, at);
  if ((flags & PROTECTED) !== 0) return cursor.go(Register.wifi, WIFI.encrypted, at);
  const fragment = cursor.u8(at + 22) & 15;
  if ((flags & MORE_FRAGMENTS) !== 0 || fragment !== 0) return cursor.go(Register.wifi, WIFI.fragmented, at);
  const both = TO_DISTRIBUTION | FROM_DISTRIBUTION;
  let size = (flags & both) === both ? 30 : 24;
  if ((subtype & QOS) !== 0) {
    if (!cursor.has(size + 2)) return false;
    const isAggregated = (cursor.u8(at + size) & AGGREGATED) !== 0;
    size += (flags & ORDER) === 0 ? 2 : 6;
    if (isAggregated) return aggregated(cursor, at + (padded ? (size + 3) & ~3 : size));
  }
  return cursor.go(Register.header, HEADER.llc, at + (padded ? (size + 3) & ~3 : size));
};

const SUBFRAME = 14;

/** Subframes with addresses and a length of their own (9.3.2.2); one that is alone is read. */
function aggregated(cursor: Cursor, at: number): boolean {
  const length = cursor.has(SUBFRAME, at) ? cursor.u16(at + 12) : 0;
  // Behind one that is alone there may be padding and a check sequence, and no other.
  const isAlone = length > 0 && at + SUBFRAME + length + SUBFRAME > cursor.end;
  if (!isAlone) return cursor.go(Register.wifi, WIFI.aggregated, cursor.at);
  return cursor.go(Register.header, HEADER.subframe, at);
}
