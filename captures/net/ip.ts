import { type Cursor, Register } from '../layers/cursor';
import { EXTENSION, extensionSize, isExtension } from './extensions';
import { type Segment, word } from './segment';

const MAX_EXTENSIONS = 16;

/** What the IP header at the cursor turned out to be. */
export const enum Ip {
  /** The cursor stands at what it carries. */
  whole,
  /** The cursor stands at a fragment of what it carries; `fragment` tells which. */
  fragment,
  /** The bytes end too early. */
  cut,
  /** A header that cannot be. */
  bad,
}

/** Where a fragment belongs; one object is reused. */
export interface FragmentPlace {
  start: number;
  more: boolean;
  identification: number;
}

/** Reads the header of either version at the cursor: addresses and offsets go to the segment. */
export function readIp(cursor: Cursor, segment: Segment, fragment: FragmentPlace): Ip {
  if (!cursor.has(1)) return Ip.cut;
  segment.networkOffset = cursor.at;
  const version = cursor.u8(cursor.at) >> 4;
  return version === 4
    ? readIpv4(cursor, segment, fragment)
    : version === 6
      ? readIpv6(cursor, segment, fragment)
      : Ip.bad;
}

function readIpv4(cursor: Cursor, segment: Segment, place: FragmentPlace): Ip {
  const { bytes, at } = cursor;
  if (!cursor.has(20)) return Ip.cut;
  const headerLength = (bytes[at]! & 15) * 4;
  if (headerLength < 20) return Ip.bad;
  segment.family = 4;
  segment.source[3] = word(bytes, at + 12);
  segment.destination[3] = word(bytes, at + 16);
  segment.source[0] = segment.source[1] = segment.source[2] = 0;
  segment.destination[0] = segment.destination[1] = segment.destination[2] = 0;
  // The network card fills in the length of what it will cut into segments: 0 means all there is.
  const claimed = (bytes[at + 2]! << 8) | bytes[at + 3]!;
  if (claimed !== 0) cursor.end = at + claimed;
  segment.transportOffset = at + headerLength;
  if (cursor.end < segment.transportOffset) return Ip.bad;
  cursor.go(Register.ip, bytes[at + 9]!, segment.transportOffset);
  const fragment = (bytes[at + 6]! << 8) | bytes[at + 7]!;
  if ((fragment & 0x3fff) === 0) return Ip.whole;
  place.start = (fragment & 0x1fff) * 8;
  place.more = (fragment & 0x2000) !== 0;
  place.identification = (bytes[at + 4]! << 8) | bytes[at + 5]!;
  return Ip.fragment;
}

function readIpv6(cursor: Cursor, segment: Segment, place: FragmentPlace): Ip {
  const { bytes, at } = cursor;
  if (!cursor.has(40)) return Ip.cut;
  segment.family = 6;
  for (let i = 0; i < 4; i++) {
    segment.source[i] = word(bytes, at + 8 + 4 * i);
    segment.destination[i] = word(bytes, at + 24 + 4 * i);
  }
  const claimed = (bytes[at + 4]! << 8) | bytes[at + 5]!;
  if (claimed !== 0) cursor.end = at + 40 + claimed;
  cursor.go(Register.ip, bytes[at + 6]!, at + 40);
  return readExtensions(cursor, segment, place);
}

function readExtensions(cursor: Cursor, segment: Segment, place: FragmentPlace): Ip {
  const { bytes } = cursor;
  for (let i = 0; i < MAX_EXTENSIONS; i++) {
    const { at, number } = cursor;
    segment.transportOffset = at;
    if (!isExtension(number)) return Ip.whole;
    if (!cursor.has(8)) return Ip.cut;
    const next = bytes[at]!;
    if (number === EXTENSION.fragment && !isAtomic(bytes, at)) {
      const placement = placementAt(bytes, at);
      place.start = placement & 0xfff8;
      place.more = (placement & 1) !== 0;
      place.identification = word(bytes, at + 4);
      segment.transportOffset = at + 8;
      cursor.go(Register.ip, next, at + 8);
      return Ip.fragment;
    }
    cursor.go(Register.ip, next, at + extensionSize(number, bytes[at + 1]!));
    if (cursor.at > cursor.end) return Ip.bad;
  }
  return Ip.bad;
}

/** Offset in octets and the more flag of the fragment header at `at`, with two reserved bits between them (RFC 8200, 4.5). */
const placementAt = (bytes: Uint8Array, at: number): number => (bytes[at + 2]! << 8) | bytes[at + 3]!;

/** An "atomic" fragment is whole by itself (RFC 6946). */
const isAtomic = (bytes: Uint8Array, at: number): boolean => (placementAt(bytes, at) & 0xfff9) === 0;
