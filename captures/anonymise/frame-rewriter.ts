import { EXTENSION, extensionSize } from '../net/extensions';
import { setIpv4Checksum, setTcpChecksum } from '../net/checksum';
import type { Pseudonyms } from './pseudonyms';

/** An option of IPv6 that means nothing (RFC 8200, 4.2). */
const PAD_N = 1;

/**
 * TCP options that tell nothing of anybody, with the length that they have: segment size, window scale, SACK permitted. Timestamps tell
 * how long a machine runs, blocks of SACK its sequence numbers, and in a length that is wrong anything may stand.
 */
const HARMLESS_OPTIONS: ReadonlyMap<number, number> = new Map([
  [2, 4],
  [3, 3],
  [4, 2],
]);
const NO_OPERATION = 1;
const MORE_FRAGMENTS = 0x20;

/**
 * Addresses and options of the IP header at `at`; returns the new addresses, source and destination, one after the other.
 * @param transport where the header and its extensions end
 */
export function rewriteIp(frame: Buffer, at: number, transport: number, pseudonyms: Pseudonyms): Buffer {
  const ipv6 = frame[at]! >> 4 === 6;
  const size = ipv6 ? 16 : 4;
  const source = at + (ipv6 ? 8 : 12);
  for (const start of [source, source + size]) {
    frame.set(pseudonyms.address(frame.subarray(start, start + size)), start);
  }
  if (ipv6) {
    frame.writeUInt32BE((frame.readUInt32BE(at) & 0xfff0_0000) >>> 0, at); // the flow label
    rewriteExtensions(frame, at, transport, pseudonyms);
  } else {
    rewriteIdentification(frame, at, pseudonyms);
    frame.fill(NO_OPERATION, at + 20, at + (frame[at]! & 15) * 4);
    setIpv4Checksum(frame, at);
  }
  return Buffer.from(frame.subarray(source, source + 2 * size));
}

/** An identification counts the datagrams of a machine; only fragments need one, by which they are found. */
function rewriteIdentification(frame: Buffer, at: number, pseudonyms: Pseudonyms): void {
  const isFragment = (frame[at + 6]! & (MORE_FRAGMENTS | 0x1f)) !== 0 || frame[at + 7] !== 0;
  const id = frame.subarray(at + 4, at + 6);
  if (isFragment) id.set(pseudonyms.identification('datagram', id));
  else id.fill(0);
}

function rewriteExtensions(frame: Buffer, ip: number, transport: number, pseudonyms: Pseudonyms): void {
  let type = frame[ip + 6]!;
  let at = ip + 40;
  while (at + 8 <= transport) {
    const size = extensionSize(type, frame[at + 1]!);
    const end = Math.min(at + size, transport);
    if (type === EXTENSION.hopByHop || type === EXTENSION.destination) {
      frame.fill(0, at + 2, end);
      for (let pad = at + 2; pad < end; pad += 256) {
        frame[pad] = PAD_N;
        frame[pad + 1] = Math.min(end - pad, 256) - 2;
      }
    } else if (type === EXTENSION.routing) {
      frame.fill(0, at + 3, end); // no segments left: the checksum is over the header's destination
    } else if (type === EXTENSION.fragment) {
      const id = frame.subarray(at + 4, at + 8);
      id.set(pseudonyms.identification('datagram', id));
    } else {
      frame.fill(0, at + 2, end);
    }
    type = frame[at]!;
    at += size;
  }
}

const URGENT = 0x20;

/**
 * Numbers of both directions from elsewhere on: how far apart they are stays, where a machine began does not. What means nothing is zero.
 * @param shifts of the sender's numbers, and of the receiver's
 */
export function shiftSequence(bytes: Buffer, start: number, shifts: readonly [number, number]): void {
  const acknowledges = (bytes[start + 13]! & 0x10) !== 0;
  const sequence = bytes.readUInt32BE(start + 4) + shifts[0];
  const acknowledged = acknowledges ? bytes.readUInt32BE(start + 8) + shifts[1] : 0;
  bytes.writeUInt32BE(sequence >>> 0, start + 4);
  bytes.writeUInt32BE(acknowledged >>> 0, start + 8);
  if ((bytes[start + 13]! & URGENT) === 0) bytes.writeUInt16BE(0, start + 18);
}

/**
 * Options of the TCP header at `start` and, where the segment is whole, its checksum.
 * @param addresses what `rewriteIp` returned
 * @param end of the segment on the wire
 */
export function rewriteTcp(bytes: Buffer, start: number, end: number, addresses: Buffer): void {
  const optionsEnd = Math.min(start + (bytes[start + 12]! >> 4) * 4, bytes.length);
  let at = start + 20;
  while (at < optionsEnd) {
    const kind = bytes[at]!;
    const length = kind === 0 ? optionsEnd - at : kind === 1 ? 1 : Math.max(2, bytes[at + 1] ?? 0);
    const next = Math.min(at + length, optionsEnd);
    if (kind === 0) bytes.fill(0, at, next);
    else if (HARMLESS_OPTIONS.get(kind) !== bytes[at + 1] || next - at !== length)
      bytes.fill(NO_OPERATION, at, next);
    at = next;
  }
  // Octets that were not captured count in the checksum: it cannot be known.
  if (end > bytes.length) bytes[start + 16] = bytes[start + 17] = 0;
  else setTcpChecksum(bytes, start, end, addresses);
}
