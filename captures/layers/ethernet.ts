import { type Cursor, HEADER, type ReadHeader, Register } from './cursor';

export const ethernet: ReadHeader = (cursor) =>
  cursor.has(14) && cursor.goByType(cursor.u16(cursor.at + 12), cursor.at + 14);

/** A tag between the addresses and the Ethertype: `size` octets, then the next Ethertype. */
export const tag =
  (size: number): ReadHeader =>
  (cursor) =>
    cursor.has(size + 2) && cursor.goByType(cursor.u16(cursor.at + size), cursor.at + size + 2);

/** The service tag of 802.1ah: 4 octets, then a whole frame of the customer. */
export const serviceInstanceTag: ReadHeader = (cursor) =>
  cursor.has(4) && cursor.go(Register.header, HEADER.ethernet, cursor.at + 4);

const SNAP = 0xaa;
const UNNUMBERED = 0x03;
/** Organisations whose protocol ids are Ethertypes: none (RFC 1042) and bridge tunnels (802.1H). */
const ETHERTYPE_OUI: ReadonlySet<number> = new Set([0x000000, 0x0000f8]);
const CISCO_OUI = 0x00000c;
/** Stands for SNAP of Cisco's own protocols (CDP, VTP, DTP), beyond the numbers of access points. */
export const CISCO_SNAP = 0x100;
const BRIDGED_OUI = 0x0080c2;
/** Ethernet frames with and without their check sequence (RFC 2427, 2684). */
const BRIDGED_ETHERNET: ReadonlySet<number> = new Set([1, 7]);

/** LLC (802.2), and SNAP where its service access points say so. */
export const llc: ReadHeader = (cursor) => {
  const { at } = cursor;
  if (!cursor.has(3)) return false;
  const sap = cursor.u8(at);
  if (sap !== SNAP)
    return cursor.go(Register.sap, sap, at + ((cursor.u8(at + 2) & 3) === UNNUMBERED ? 3 : 4));
  return cursor.has(8) && snap(cursor, at + 3, 2);
};

/**
 * The five octets of SNAP at `at`.
 * @param padding octets before a bridged frame
 */
export function snap(cursor: Cursor, at: number, padding: number): boolean {
  const organisation = (cursor.u8(at) << 16) | cursor.u16(at + 1);
  const protocol = cursor.u16(at + 3);
  if (ETHERTYPE_OUI.has(organisation) && protocol >= 0x600)
    return cursor.go(Register.ethertype, protocol, at + 5);
  if (organisation === BRIDGED_OUI && BRIDGED_ETHERNET.has(protocol))
    return cursor.go(Register.header, HEADER.ethernet, at + 5 + padding);
  return cursor.go(Register.sap, organisation === CISCO_OUI ? CISCO_SNAP : SNAP, at + 5);
}

const EXPLICIT_IPV4 = 0;
const EXPLICIT_IPV6 = 2;
const MAX_LABELS = 16;

/**
 * A stack of MPLS labels (RFC 3032). Nothing names what follows it: IP shows by its version, a pseudowire by the four bits that are zero
 * in its control word (RFC 4385), or by the Ethertype of the frame that it carries.
 */
export const mpls: ReadHeader = (cursor) => {
  let { at } = cursor;
  let label = -1;
  for (let i = 0; i < MAX_LABELS; i++, at += 4) {
    if (!cursor.has(5, at)) return false;
    label = (cursor.u16(at) << 4) | (cursor.u8(at + 2) >> 4);
    if ((cursor.u8(at + 2) & 1) === 0) continue;
    const isIp = label === EXPLICIT_IPV4 || label === EXPLICIT_IPV6 || looksLikeIp(cursor, at + 4);
    if (isIp) return cursor.go(Register.header, HEADER.ip, at + 4);
    const controlWord = cursor.u8(at + 4) >> 4 === 0 && !isFrame(cursor, at + 4);
    return cursor.go(Register.header, HEADER.ethernet, at + (controlWord ? 8 : 4));
  }
  return cursor.go(Register.header, HEADER.tooDeep, cursor.at);
};

/** Ethernet may end frames with a check sequence of four octets, and pads short ones. */
const CHECK_SEQUENCE = 4;
const SHORTEST_FRAME = 60 + CHECK_SEQUENCE;

/**
 * A hardware address may start with the same four bits as an IP header: the lengths must fit too, and where they leave more than a check
 * sequence over, there must be no frame.
 */
function looksLikeIp(cursor: Cursor, at: number): boolean {
  const length = ipLength(cursor, at);
  const left = cursor.end - at - length;
  if (length === 0 || left < -CHECK_SEQUENCE) return false;
  return left <= CHECK_SEQUENCE || cursor.end <= SHORTEST_FRAME || !isFrame(cursor, at);
}

/** What an IP header at `at` would say; 0 where there can be none. */
function ipLength(cursor: Cursor, at: number): number {
  const first = cursor.u8(at);
  if (first >> 4 === 6) return cursor.has(40, at) ? 40 + cursor.u16(at + 4) : 0;
  return first >> 4 === 4 && (first & 15) >= 5 && cursor.has(20, at) ? cursor.u16(at + 2) : 0;
}

/** Ethertypes that frames in tunnels begin with. */
const FRAMED: ReadonlySet<number> = new Set([
  0x0800, 0x0806, 0x8100, 0x86dd, 0x8847, 0x8863, 0x8864, 0x88a8, 0x88cc, 0x88e7, 0x9100,
]);
const LENGTH_LIMIT = 0x600;

/** Whether a frame stands at `at`, by its Ethertype, or by an 802.3 length that fits what is there. */
export function isFrame(cursor: Cursor, at: number): boolean {
  if (!cursor.has(14, at)) return false;
  const type = cursor.u16(at + 12);
  const left = cursor.end - at - 14 - type;
  return FRAMED.has(type) || (type < LENGTH_LIMIT && type >= 3 && left >= 0 && left <= CHECK_SEQUENCE);
}
