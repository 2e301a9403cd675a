import { type Cursor, HEADER, type ReadHeader, Register } from './cursor';

/** Headers that the capturing machine writes before what was on the wire. */

/** BSDs and macOS number the address family of IPv6 differently; the capture may come from any of them. */
const FAMILY_IPV4 = 2;
const FAMILIES_IPV6: ReadonlySet<number> = new Set([10, 24, 28, 30]);
const isIp = (family: number): boolean => family === FAMILY_IPV4 || FAMILIES_IPV6.has(family);

/** NULL is in the byte order of the machine that recorded, LOOP in network order; families are small numbers, so either shows. */
export const family =
  (size: number): ReadHeader =>
  (cursor) => {
    const { bytes, at } = cursor;
    if (!cursor.has(size)) return false;
    return (
      (isIp(bytes.readUInt32LE(at)) || isIp(bytes.readUInt32BE(at))) &&
      cursor.go(Register.header, HEADER.ip, at + size)
    );
  };

const LLC_FRAME = 4;

function goByCookedType(cursor: Cursor, type: number, at: number): true {
  return type === LLC_FRAME
    ? cursor.go(Register.header, HEADER.llc, at)
    : cursor.go(Register.ethertype, type, at);
}

/** Linux cooked: the protocol stands last. */
export const cooked: ReadHeader = (cursor) =>
  cursor.has(16) && goByCookedType(cursor, cursor.u16(cursor.at + 14), cursor.at + 16);

/** Linux cooked v2 has the protocol first. */
export const cooked2: ReadHeader = (cursor) =>
  cursor.has(20) && goByCookedType(cursor, cursor.u16(cursor.at), cursor.at + 20);

/** NFLOG attribute that holds the packet. */
export const NFLOG_PAYLOAD = 9;

/**
 * Calls `each` for the attributes of an NFLOG header: lengths and types are in the byte order of the machine that
 * recorded, which the first of them shows. False where they do not fit.
 */
export function nflogAttributes(
  bytes: Buffer,
  at: number,
  each: (type: number, start: number, end: number) => void,
): boolean {
  const first = at + 4;
  if (first + 4 > bytes.length) return false;
  const little = bytes.readUInt16LE(first) <= bytes.readUInt16BE(first);
  const u16 = (place: number): number => (little ? bytes.readUInt16LE(place) : bytes.readUInt16BE(place));
  for (let place = first; place + 4 <= bytes.length; ) {
    const length = u16(place);
    if (length < 4) return false;
    each(u16(place + 2) & 0x3fff, place + 4, place + length);
    place += (length + 3) & ~3;
  }
  return true;
}

/** NFLOG: version and family, then attributes, one of which is the packet. */
export const nflog: ReadHeader = (cursor) => {
  let payload = -1;
  let end = 0;
  nflogAttributes(cursor.bytes, cursor.at, (type, start, behind) => {
    if (type !== NFLOG_PAYLOAD || payload >= 0) return;
    payload = start;
    end = behind;
  });
  if (payload < 0) return false;
  cursor.end = Math.min(cursor.end, end);
  return cursor.go(Register.header, HEADER.ip, payload);
};

/** Octets of a PKTAP header that every version has. */
const PKTAP_MINIMUM = 108;
const PKTAP_PACKET = 1;

/** PKTAP of macOS: its length, what the record is, and the link type of what follows, little-endian. */
export const pktap: ReadHeader = (cursor) => {
  const { bytes, at } = cursor;
  if (!cursor.has(12)) return false;
  const length = bytes.readUInt32LE(at);
  if (length < PKTAP_MINIMUM || length > 4096 || bytes.readUInt32LE(at + 4) !== PKTAP_PACKET) return false;
  return cursor.go(Register.link, bytes.readUInt32LE(at + 8) & 0xffff, at + length);
};

/** Per-packet information: its length and the link type of what follows, little-endian. */
export const ppi: ReadHeader = (cursor) => {
  const { bytes, at } = cursor;
  if (!cursor.has(8)) return false;
  return cursor.go(
    Register.link,
    bytes.readUInt32LE(at + 4) & 0xffff,
    at + Math.max(8, bytes.readUInt16LE(at + 2)),
  );
};

/** PFLOG of the BSDs' packet filter: its length, which is padded to four octets, before the packet. */
export const pflog: ReadHeader = (cursor) =>
  cursor.has(4) && cursor.go(Register.header, HEADER.ip, cursor.at + ((cursor.u8(cursor.at) + 3) & ~3));

/** Token Ring: access and frame control, two addresses, and a route where the source's first bit says so. */
export const tokenRing: ReadHeader = (cursor) => {
  const { at } = cursor;
  if (!cursor.has(16)) return false;
  const route = (cursor.u8(at + 8) & 0x80) === 0 ? 0 : cursor.u8(at + 14) & 0x1f;
  return cursor.go(Register.header, HEADER.llc, at + 14 + route);
};

/** An Ethertype at a fixed place of a header of a fixed size. */
export const typeAt =
  (place: number, size: number): ReadHeader =>
  (cursor) =>
    cursor.has(size) && cursor.go(Register.ethertype, cursor.u16(cursor.at + place), cursor.at + size);
