import { setIpv4Checksum, setTcpChecksum } from '../net/checksum';
import type { Endpoint } from '../net/endpoint';
import { TCP } from '../net/segment';

/** A TCP segment to be put into a frame. */
export interface SegmentToWrite {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly sequence: number;
  readonly acknowledgement: number;
  /** Bits of `TCP`. */
  readonly flags: number;
  readonly payload?: Uint8Array;
  /** Announced with a SYN. */
  readonly maxSegmentSize?: number;
  /** IPv4 only: the identification of the datagram. */
  readonly identification?: number;
}

const ETHERNET = 14;
const WINDOW = 0xffff;
const NOTHING = new Uint8Array(0);

/** Makes an Ethernet frame with IPv4 or IPv6 and TCP, all checksums right. Hardware addresses are zeros, as on a loopback interface. */
export function tcpFrame(segment: SegmentToWrite): Buffer {
  const { from, to, payload = NOTHING } = segment;
  const ipv6 = from.address.length === 16;
  const options = segment.maxSegmentSize === undefined ? 0 : 4;
  const tcpStart = ETHERNET + (ipv6 ? 40 : 20);
  const tcpLength = 20 + options + payload.length;
  const frame = Buffer.alloc(tcpStart + tcpLength);
  frame.writeUInt16BE(ipv6 ? 0x86dd : 0x0800, 12);
  if (ipv6) writeIpv6(frame, from, to, tcpLength);
  else writeIpv4(frame, from, to, tcpLength, segment.identification ?? 0);
  writeTcp(frame, tcpStart, segment, options);
  frame.set(payload, tcpStart + 20 + options);
  setTcpChecksum(frame, tcpStart, frame.length, Buffer.concat([from.address, to.address]));
  return frame;
}

function writeIpv4(
  frame: Buffer,
  from: Endpoint,
  to: Endpoint,
  tcpLength: number,
  identification: number,
): void {
  frame[ETHERNET] = 0x45;
  frame.writeUInt16BE(20 + tcpLength, ETHERNET + 2);
  frame.writeUInt16BE(identification & 0xffff, ETHERNET + 4);
  frame.writeUInt16BE(0x4000, ETHERNET + 6); // do not fragment
  frame[ETHERNET + 8] = 64;
  frame[ETHERNET + 9] = 6;
  frame.set(from.address, ETHERNET + 12);
  frame.set(to.address, ETHERNET + 16);
  setIpv4Checksum(frame, ETHERNET);
}

function writeIpv6(frame: Buffer, from: Endpoint, to: Endpoint, tcpLength: number): void {
  frame[ETHERNET] = 0x60;
  frame.writeUInt16BE(tcpLength, ETHERNET + 4);
  frame[ETHERNET + 6] = 6;
  frame[ETHERNET + 7] = 64;
  frame.set(from.address, ETHERNET + 8);
  frame.set(to.address, ETHERNET + 24);
}

function writeTcp(frame: Buffer, at: number, segment: SegmentToWrite, options: number): void {
  frame.writeUInt16BE(segment.from.port, at);
  frame.writeUInt16BE(segment.to.port, at + 2);
  frame.writeUInt32BE(segment.sequence >>> 0, at + 4);
  frame.writeUInt32BE((segment.flags & TCP.ack) === 0 ? 0 : segment.acknowledgement >>> 0, at + 8);
  frame[at + 12] = ((20 + options) / 4) << 4;
  frame[at + 13] = segment.flags;
  frame.writeUInt16BE(WINDOW, at + 14);
  if (segment.maxSegmentSize === undefined) return;
  frame[at + 20] = 2;
  frame[at + 21] = 4;
  frame.writeUInt16BE(segment.maxSegmentSize, at + 22);
}
