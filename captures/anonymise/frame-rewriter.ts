import { LINK } from '../link/link';
import { EXTENSION, extensionSize } from '../net/extensions';
import { setIpv4Checksum, setTcpChecksum } from '../net/checksum';
import type { Pseudonyms } from './pseudonyms';

/** An option of IPv6 that means nothing (RFC 8200, 4.2). */
const PAD_N = 1;

/** TCP options that tell nothing of anybody: end, no-op, segment size, window scale, SACK, timestamps. */
const HARMLESS_OPTIONS: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 8]);
const NO_OPERATION = 1;

/** Hardware addresses of the link layer; `networkOffset` is where the IP header starts. */
export function rewriteLink(
  frame: Buffer,
  linkType: number,
  networkOffset: number,
  pseudonyms: Pseudonyms,
): void {
  const hardware = (at: number): void => {
    if (at + 6 <= networkOffset) frame.set(pseudonyms.hardwareAddress(frame.subarray(at, at + 6)), at);
  };
  switch (linkType) {
    case LINK.ethernet:
      hardware(0);
      hardware(6);
      break;
    case LINK.linuxCooked:
      hardware(6);
      frame.fill(0, 12, 14);
      break;
    case LINK.linuxCooked2:
      hardware(12);
      frame.fill(0, 18, 20);
      break;
  }
}

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
    rewriteExtensions(frame, at, transport);
  } else {
    frame.fill(NO_OPERATION, at + 20, at + (frame[at]! & 15) * 4);
    setIpv4Checksum(frame, at);
  }
  return Buffer.from(frame.subarray(source, source + 2 * size));
}

function rewriteExtensions(frame: Buffer, ip: number, transport: number): void {
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
    } else if (type !== EXTENSION.fragment) {
      frame.fill(0, at + 2, end);
    }
    type = frame[at]!;
    at += size;
  }
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
    else if (!HARMLESS_OPTIONS.has(kind)) bytes.fill(NO_OPERATION, at, next);
    at = next;
  }
  // Octets that were not captured count in the checksum: it cannot be known.
  if (end > bytes.length) bytes[start + 16] = bytes[start + 17] = 0;
  else setTcpChecksum(bytes, start, end, addresses);
}
