import { type Cursor, HEADER, type ReadHeader, Register } from './cursor';
import { snap } from './ethernet';

const ALL_STATIONS = 0xff;
const UNNUMBERED = 0x03;

/** PPP (RFC 1661): address and control may be left out, and the protocol may be one octet, which is odd then (RFC 1662, 1661 6.5). */
export const ppp: ReadHeader = (cursor) => {
  let { at } = cursor;
  if (cursor.has(2) && cursor.u8(at) === ALL_STATIONS && cursor.u8(at + 1) === UNNUMBERED) at += 2;
  if (!cursor.has(2, at)) return false;
  const first = cursor.u8(at);
  return (first & 1) === 1
    ? cursor.go(Register.ppp, first, at + 1)
    : cursor.go(Register.ppp, cursor.u16(at), at + 2);
};

/** A PPPoE session (RFC 2516): version and code, session, length. */
export const pppoe: ReadHeader = (cursor) => {
  const { at } = cursor;
  if (!cursor.has(6)) return false;
  cursor.end = Math.min(cursor.end, at + 6 + cursor.u16(at + 4));
  return cursor.go(Register.header, HEADER.ppp, at + 6);
};

/** Cisco HDLC: address, control, Ethertype. */
export const ciscoHdlc: ReadHeader = (cursor) =>
  cursor.has(4) && cursor.go(Register.ethertype, cursor.u16(cursor.at + 2), cursor.at + 4);

/** LINKTYPE_PPP_HDLC is PPP, or Cisco HDLC, which has addresses of its own. */
export const pppOrHdlc: ReadHeader = (cursor) => {
  if (!cursor.has(1)) return false;
  const address = cursor.u8(cursor.at);
  const number = address === 0x0f || address === 0x8f ? HEADER.hdlc : HEADER.ppp;
  return cursor.go(Register.header, number, cursor.at);
};

const NLPID_SNAP = 0x80;

/** Frame Relay (Q.922): an address of two to four octets, then RFC 2427 or Cisco's encapsulation, an Ethertype alone. */
export const frameRelay: ReadHeader = (cursor) => {
  let { at } = cursor;
  for (let octets = 1; ; octets++, at++) {
    if (octets > 4 || !cursor.has(1, at)) return false;
    if ((cursor.u8(at) & 1) === 1) break;
  }
  at++;
  if (!cursor.has(2, at)) return false;
  if (cursor.u8(at) !== UNNUMBERED) return cursor.go(Register.ethertype, cursor.u16(at), at + 2);
  at++;
  if (cursor.u8(at) === 0) at++; // a pad octet
  if (!cursor.has(1, at)) return false;
  const nlpid = cursor.u8(at);
  if (nlpid !== NLPID_SNAP) return cursor.go(Register.nlpid, nlpid, at + 1);
  return cursor.has(6, at) && snap(cursor, at + 1, 0);
};

/** ATM of Solaris: what follows stands in the lowest four bits, then the number of a channel. */
export const sunAtm: ReadHeader = (cursor) =>
  cursor.has(4) &&
  (cursor.u8(cursor.at) & 15) === SUN_ATM_LLC &&
  cursor.go(Register.header, HEADER.llc, cursor.at + 4);

const SUN_ATM_LLC = 2;

/** One octet of direction before the frames of another link type. */
export const withDirection =
  (header: number): ReadHeader =>
  (cursor: Cursor) =>
    cursor.has(1) && cursor.go(Register.header, header, cursor.at + 1);
