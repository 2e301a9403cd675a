import { AUTH_TRAILER_HEADER_SIZE, authLengthAt, fragLengthAt, HEADER_SIZE, PTYPE } from '../../protocol';

/** Enough to go on where the stream is in step: fuzzers and hosts may send any type of PDU. */
export function isHeaderAt(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 5 && fragLengthAt(bytes, at) >= HEADER_SIZE;
}

const PTYPES: ReadonlySet<number> = new Set(Object.values(PTYPE));

/**
 * Enough to get in step again in the middle of any bytes: every octet of a header that has few possible values
 * must have one of them (C706 12.6.3.1, 14.1).
 */
export function isCertainHeaderAt(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 5 || bytes[at + 1]! > 1 || !PTYPES.has(bytes[at + 2]!)) return false;
  const integersAndText = bytes[at + 4]!;
  if ((integersAndText & 0xee) !== 0 || bytes[at + 5]! > 3 || bytes[at + 6] !== 0 || bytes[at + 7] !== 0)
    return false;
  const authLength = authLengthAt(bytes, at);
  return (
    fragLengthAt(bytes, at) >= HEADER_SIZE + (authLength === 0 ? 0 : authLength + AUTH_TRAILER_HEADER_SIZE)
  );
}
