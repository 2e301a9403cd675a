import { isFrame } from './ethernet';
import { type Cursor, HEADER, type ReadHeader, Register } from './cursor';

export const udp: ReadHeader = (cursor) => {
  const { at } = cursor;
  if (!cursor.has(8)) return false;
  const length = cursor.u16(at + 4);
  if (length >= 8) cursor.end = Math.min(cursor.end, at + length);
  return cursor.go(Register.udp, cursor.u16(at + 2), at + 8);
};

/** The bit of VXLAN's flags without which its network identifier means nothing (RFC 7348, 5). */
const HAS_NETWORK = 0x08;

/** Some do not set it, and tshark does not ask for it: then a frame shows by its Ethertype. */
export const vxlan: ReadHeader = (cursor) => {
  const { at } = cursor;
  const isOne = cursor.has(8) && ((cursor.u8(at) & HAS_NETWORK) !== 0 || isFrame(cursor, at + 8));
  return isOne && cursor.go(Register.header, HEADER.ethernet, at + 8);
};

const HAS_NEXT_PROTOCOL = 0x04;
/** Next protocols of VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe). */
const GPE: Readonly<Record<number, number>> = {
  1: HEADER.ip,
  2: HEADER.ip,
  3: HEADER.ethernet,
  4: HEADER.service,
  5: HEADER.mpls,
};

export const vxlanGpe: ReadHeader = (cursor) => {
  if (!cursor.has(8)) return false;
  const named = (cursor.u8(cursor.at) & HAS_NEXT_PROTOCOL) !== 0;
  const next = named ? GPE[cursor.u8(cursor.at + 3)] : HEADER.ethernet;
  return next !== undefined && cursor.go(Register.header, next, cursor.at + 8);
};

/** GENEVE (RFC 8926): options are counted in units of four octets, the payload is an Ethertype. */
export const geneve: ReadHeader = (cursor) => {
  const { at } = cursor;
  if (!cursor.has(8) || cursor.u8(at) >> 6 !== 0) return false;
  return cursor.goByType(cursor.u16(at + 2), at + 8 + (cursor.u8(at) & 0x3f) * 4);
};

/** Bits of GRE (RFC 2784, 2890; version 1: RFC 2637). */
export const GRE = {
  checksum: 0x8000,
  routing: 0x4000,
  key: 0x2000,
  sequence: 0x1000,
  acknowledgement: 0x0080,
} as const;
const ERSPAN: ReadonlySet<number> = new Set([0x88be, 0x22eb]);

/** Octets of the GRE header at the cursor, -1 for one with source routes (RFC 1701), which nobody writes. */
export function greSize(flags: number): number {
  if ((flags & GRE.routing) !== 0) return -1;
  let size = 4;
  if ((flags & GRE.checksum) !== 0) size += 4;
  if ((flags & GRE.key) !== 0) size += 4;
  if ((flags & GRE.sequence) !== 0) size += 4;
  if ((flags & 7) === 1 && (flags & GRE.acknowledgement) !== 0) size += 4;
  return size;
}

export const gre: ReadHeader = (cursor) => {
  const { at } = cursor;
  if (!cursor.has(4)) return false;
  const flags = cursor.u16(at);
  const protocol = cursor.u16(at + 2);
  const size = greSize(flags);
  if (size < 0) return false;
  // Of what ERSPAN sends, type I alone has no sequence number, and no header of its own.
  if (ERSPAN.has(protocol))
    return (flags & GRE.sequence) === 0
      ? cursor.go(Register.header, HEADER.ethernet, at + size)
      : cursor.go(Register.header, HEADER.erspan, at + size);
  return cursor.go(Register.ethertype, protocol, at + size);
};

const OPTIONAL_SUBHEADER = 1;
const FRAME_TYPE_IP = 2;

/** ERSPAN types II and III (draft-foschiano-erspan): told apart by the version in their first four bits. */
export const erspan: ReadHeader = (cursor) => {
  const { at } = cursor;
  if (!cursor.has(8)) return false;
  const version = cursor.u8(at) >> 4;
  if (version === 1) return cursor.go(Register.header, HEADER.ethernet, at + 8);
  if (version !== 2 || !cursor.has(12)) return false;
  const last = cursor.u16(at + 10);
  const size = (last & OPTIONAL_SUBHEADER) === 0 ? 12 : 20;
  const frameType = (last >> 10) & 0x1f;
  return cursor.go(Register.header, frameType === FRAME_TYPE_IP ? HEADER.ip : HEADER.ethernet, at + size);
};

/** WCCP's redirects have four octets before the packet, in version 2. */
export const wccp: ReadHeader = (cursor) => {
  if (!cursor.has(1)) return false;
  const direct = cursor.u8(cursor.at) >> 4 === 4;
  return cursor.go(Register.header, HEADER.ip, cursor.at + (direct ? 0 : 4));
};

/** An authentication header (RFC 4302): what follows it is in the clear. */
export const authentication: ReadHeader = (cursor) =>
  cursor.has(8) &&
  cursor.go(Register.ip, cursor.u8(cursor.at), cursor.at + (cursor.u8(cursor.at + 1) + 2) * 4);

/** Headers of a fixed size before a known one. */
export const skip =
  (size: number, header: number): ReadHeader =>
  (cursor: Cursor) =>
    cursor.has(size) && cursor.go(Register.header, header, cursor.at + size);

const L2TP = { control: 0x8000, length: 0x4000, sequence: 0x0800, offset: 0x0200 } as const;

/** L2TP version 2 (RFC 2661): data is PPP; what is control carries none. */
export const l2tp: ReadHeader = (cursor) => {
  let { at } = cursor;
  if (!cursor.has(6)) return false;
  const flags = cursor.u16(at);
  if ((flags & 15) !== 2 || (flags & L2TP.control) !== 0) return false;
  at += (flags & L2TP.length) === 0 ? 6 : 8;
  if ((flags & L2TP.sequence) !== 0) at += 4;
  if ((flags & L2TP.offset) === 0) return cursor.go(Register.header, HEADER.ppp, at);
  return cursor.has(2, at) && cursor.go(Register.header, HEADER.ppp, at + 2 + cursor.u16(at));
};

const GTP_PACKET = 255;
const GTP = { extension: 4, any: 7 } as const;
const MAX_GTP_EXTENSIONS = 8;

/** GTP-U version 1 (3GPP TS 29.281, 5): a packet of a subscriber. */
export const gtp: ReadHeader = (cursor) => {
  let { at } = cursor;
  if (!cursor.has(8) || cursor.u8(at) >> 5 !== 1 || cursor.u8(at + 1) !== GTP_PACKET) return false;
  const flags = cursor.u8(at);
  at += 8;
  if ((flags & GTP.any) === 0) return cursor.go(Register.header, HEADER.ip, at);
  if (!cursor.has(4, at)) return false;
  let next = (flags & GTP.extension) === 0 ? 0 : cursor.u8(at + 3);
  at += 4;
  for (let i = 0; next !== 0; i++) {
    const size = cursor.has(1, at) ? cursor.u8(at) * 4 : 0;
    if (size === 0 || i === MAX_GTP_EXTENSIONS || !cursor.has(size, at)) return false;
    at += size;
    next = cursor.u8(at - 1);
  }
  return cursor.go(Register.header, HEADER.ip, at);
};
