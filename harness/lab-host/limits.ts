import { PTYPE } from '../../protocol/pdu-layouts';

/** The largest request or response PDU, as recorded hosts and Windows have it over TCP. */
export const MAX_FRAGMENT = 5840;
/** A bind or alter_context may fill all that frag_length can say. */
const MAX_NEGOTIATION = 0xffff;
/** Both limits are at least this, also where less was offered. */
const MIN_LIMIT = 2048;
/** Bytes of stub in all fragments of a call: what Windows took for an interface that names no size of its own. */
export const MAX_CALL_STUB = 4 << 20;

/** Both fragment limits that a bind comes to: the smaller one offered, within the transport's own, a multiple of 8. */
export function negotiatedLimit(maxXmitFrag: number, maxRecvFrag: number): number {
  return Math.min(Math.max(Math.min(maxXmitFrag, maxRecvFrag), MIN_LIMIT), MAX_FRAGMENT) & ~7;
}

/** How long a PDU of this type may be, whatever limits were negotiated. */
export const largestPdu = (ptype: number): number =>
  ptype === PTYPE.bind || ptype === PTYPE.alterContext ? MAX_NEGOTIATION : MAX_FRAGMENT;
