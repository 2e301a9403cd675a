import { LayerList } from '../layers/layer-list';

/** TCP flags (RFC 9293, 3.1). */
export const TCP = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const;

/**
 * One TCP segment, decoded in place. One object is reused for every packet: nothing may keep it. Addresses are four
 * 32-bit words (IPv4 in the last), so that looking up a connection costs no string.
 */
export class Segment {
  /** The bytes that all offsets below refer to: the packet, or a datagram joined from fragments. */
  bytes: Buffer = Buffer.alloc(0);
  /** What is around the IP header. */
  readonly layers = new LayerList();
  /** Start of the IP header. */
  networkOffset = 0;
  /** Start of the TCP header. */
  transportOffset = 0;
  /** Names the datagram that this is a fragment of, or was joined from; null for a packet that is whole. */
  fragmentKey: string | null = null;
  /** Where this packet's fragment lies in that datagram. */
  fragmentStart = 0;
  /** Where its part of the datagram starts in the packet. */
  fragmentOffset = 0;
  family: 4 | 6 = 4;
  readonly source = new Uint32Array(4);
  readonly destination = new Uint32Array(4);
  sourcePort = 0;
  destinationPort = 0;
  sequence = 0;
  acknowledgement = 0;
  flags = 0;
  payloadOffset = 0;
  /** Bytes of payload on the wire. */
  payloadLength = 0;
  /** Bytes of payload that were captured: fewer where a snap length cut the packet. */
  capturedLength = 0;
}

/** Decodes the TCP header of a segment at `transportOffset`, whose IP payload ends at `end` on the wire; false where it is cut or wrong. */
export function decodeTcp(segment: Segment, end: number): boolean {
  const { bytes, transportOffset: at } = segment;
  if (at + 20 > bytes.length || at + 20 > end) return false;
  const headerLength = (bytes[at + 12]! >> 4) * 4;
  const payloadOffset = at + headerLength;
  if (headerLength < 20 || payloadOffset > end) return false;
  segment.sourcePort = (bytes[at]! << 8) | bytes[at + 1]!;
  segment.destinationPort = (bytes[at + 2]! << 8) | bytes[at + 3]!;
  segment.sequence = word(bytes, at + 4);
  segment.acknowledgement = word(bytes, at + 8);
  segment.flags = bytes[at + 13]!;
  segment.payloadOffset = Math.min(payloadOffset, bytes.length);
  segment.payloadLength = end - payloadOffset;
  segment.capturedLength = Math.max(0, Math.min(end, bytes.length) - payloadOffset);
  return true;
}

/** 32 bits in network order. */
export function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

/** An address as four words of 32 bits; an IPv4 address is the last. */
export type Address = ArrayLike<number>;

export function sameAddress(a: Address, b: Address): boolean {
  return a[3] === b[3] && a[2] === b[2] && a[1] === b[1] && a[0] === b[0];
}

/** `address:port`, IPv6 as RFC 5952 writes it, in brackets. */
export function formatEndpoint(family: 4 | 6, address: Address, port: number): string {
  const text = formatAddress(family, address);
  return family === 4 ? `${text}:${port}` : `[${text}]:${port}`;
}

export function formatAddress(family: 4 | 6, address: Address): string {
  return family === 4 ? formatIpv4(address[3]!) : formatIpv6(address);
}

function formatIpv4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

function formatIpv6(words: Address): string {
  if (words[0] === 0 && words[1] === 0 && words[2] === 0xffff) return `::ffff:${formatIpv4(words[3]!)}`;
  const groups = Array.from({ length: 8 }, (_, i) => (words[i >> 1]! >>> (i % 2 === 0 ? 16 : 0)) & 0xffff);
  const run = longestZeroRun(groups);
  const text = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  if (run.length < 2) return text(0, 8);
  return `${text(0, run.start)}::${text(run.start + run.length, 8)}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}
