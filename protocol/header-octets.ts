/**
 * What framing needs of a PDU's header (C706 12.6.3.1), read where it stands: streams are cut before anything is decoded.
 * The caller has checked that the octets are there.
 */

const DREP = 4;
const FRAG_LENGTH = 8;
const AUTH_LENGTH = 10;
/** Where call_id stands. */
export const CALL_ID_AT = 12;

/** Integers are big-endian where the high half of packed_drep's first octet is 0 (C706 14.1). */
export const isBigEndianDrep = (firstOctet: number): boolean => (firstOctet & 0xf0) === 0;

/** Whether the PDU whose header starts at `at` has big-endian integers (C706 14.1). */
export const isBigEndianAt = (bytes: Uint8Array, at = 0): boolean => isBigEndianDrep(bytes[at + DREP]!);

/** Bytes of the whole PDU whose header starts at `at`, as it says. */
export const fragLengthAt = (bytes: Uint8Array, at = 0): number => u16At(bytes, at, FRAG_LENGTH);

/** Bytes of its authentication value, as it says. */
export const authLengthAt = (bytes: Uint8Array, at = 0): number => u16At(bytes, at, AUTH_LENGTH);

/** Pairs an answer with its request. */
export function callIdAt(bytes: Uint8Array, at = 0): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return view.getUint32(at + CALL_ID_AT, !isBigEndianAt(bytes, at));
}

function u16At(bytes: Uint8Array, header: number, field: number): number {
  const first = bytes[header + field]!;
  const second = bytes[header + field + 1]!;
  return isBigEndianAt(bytes, header) ? (first << 8) | second : first | (second << 8);
}
