import { type Cursor, HEADER, type ReadHeader, Register } from './cursor';

/** Tunnels that stand in few captures. */

/** Next protocols of the network service header (RFC 8300, 2.2). */
const SERVICE_NEXT: Readonly<Record<number, number>> = {
  1: HEADER.ip,
  2: HEADER.ip,
  3: HEADER.ethernet,
  5: HEADER.mpls,
};

/** The network service header: its length in units of four octets, what follows, a path, and what the network says of the packet. */
export const service: ReadHeader = (cursor) => {
  const { at } = cursor;
  if (!cursor.has(8) || cursor.u8(at) >> 6 !== 0) return false;
  const size = (cursor.u8(at + 1) & 0x3f) * 4;
  const next = SERVICE_NEXT[cursor.u8(at + 3)];
  return size >= 8 && next !== undefined && cursor.go(Register.header, next, at + size);
};

/** TRILL (RFC 6325, 3): six octets, options counted in units of four, then a whole frame. */
export const trill: ReadHeader = (cursor) => {
  const { at } = cursor;
  if (!cursor.has(6) || cursor.u8(at) >> 6 !== 0) return false;
  const options = (cursor.u16(at) >> 6) & 0x1f;
  return cursor.go(Register.header, HEADER.ethernet, at + 6 + options * 4);
};

const MACSEC = { version: 0x80, channel: 0x20, encrypted: 0x08, changed: 0x04 } as const;

/** MACsec (IEEE 802.1AE) that only signs: an Ethertype stands behind the tag, in the clear. */
export const macsec: ReadHeader = (cursor) => {
  const { at } = cursor;
  if (!cursor.has(8)) return false;
  const control = cursor.u8(at);
  if ((control & (MACSEC.version | MACSEC.encrypted | MACSEC.changed)) !== 0) return false;
  const size = (control & MACSEC.channel) === 0 ? 6 : 14;
  return cursor.has(size + 2) && cursor.goByType(cursor.u16(at + size), at + size + 2);
};

/** LISP data (RFC 9300, 5): eight octets, then the packet. */
export const lisp: ReadHeader = (cursor) => {
  const { at } = cursor;
  return cursor.has(9) && isIp(cursor, at + 8) && cursor.go(Register.header, HEADER.ip, at + 8);
};

/** Teredo (RFC 4380, 5.1.1): IPv6, alone or behind where its sender was seen. */
export const teredo: ReadHeader = (cursor) => {
  const { at } = cursor;
  if (!cursor.has(9)) return false;
  const start = cursor.u16(at) === 0 ? at + 8 : at;
  return cursor.u8(start) >> 4 === 6 && cursor.go(Register.header, HEADER.ip, start);
};

const TZSP_ETHERNET = 1;
const TZSP_WIFI = 18;
const MOST_TAGS = 64;
const PADDING = 0;
const END = 1;

/** TZSP: what is sent, then tags up to an end. */
export const tzsp: ReadHeader = (cursor) => {
  const { at } = cursor;
  if (!cursor.has(5) || cursor.u8(at) !== 1) return false;
  const kind = cursor.u16(at + 2);
  if (kind !== TZSP_ETHERNET && kind !== TZSP_WIFI) return false;
  let tag = at + 4;
  for (let i = 0; i < MOST_TAGS && cursor.has(2, tag) && cursor.u8(tag) !== END; i++)
    tag += cursor.u8(tag) === PADDING ? 1 : 2 + cursor.u8(tag + 1);
  if (!cursor.has(1, tag) || cursor.u8(tag) !== END) return false;
  return cursor.go(Register.header, kind === TZSP_ETHERNET ? HEADER.ethernet : HEADER.wifi, tag + 1);
};

function isIp(cursor: Cursor, at: number): boolean {
  const version = cursor.u8(at) >> 4;
  return version === 4 || version === 6;
}
