import { setIpv4Checksum } from '../net/checksum';
import type { Packets } from './packets';

/** Puts other headers around packets: what is handed in are Ethernet frames as `tcpFrame` makes them. */

const ETHERNET = 14;
const OUTER_MACS = Buffer.from('0200000000020200000000010000', 'hex').subarray(0, 12);

/** Each frame as `wrap` makes it anew. */
export function around(packets: Packets, wrap: (frame: Buffer, index: number) => Buffer): Packets {
  return packets.map((packet, i) => ({ ...packet, data: wrap(Buffer.from(packet.data), i) }));
}

export const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** The frame without its Ethernet header. */
export const ipOf = (frame: Buffer): Buffer => frame.subarray(ETHERNET);

export const isV6 = (frame: Buffer): boolean => frame.readUInt16BE(12) === 0x86dd;

/** Ethernet around what has this Ethertype. */
export function inEthernet(type: number, body: Uint8Array): Buffer {
  const header = Buffer.alloc(ETHERNET);
  header.set(OUTER_MACS);
  header.writeUInt16BE(type, 12);
  return Buffer.concat([header, body]);
}

/** Ethernet and IPv4 around what has this protocol number, between two routers. */
export function inIpv4(protocol: number, body: Uint8Array): Buffer {
  const header = hex('4500 0000 0000 4000 4000 0000 c0000201 c0000202');
  header.writeUInt16BE(20 + body.length, 2);
  header[9] = protocol;
  setIpv4Checksum(header, 0);
  return inEthernet(0x0800, Buffer.concat([header, body]));
}

/** Ethernet and IPv6 around what has this protocol number. */
export function inIpv6(protocol: number, body: Uint8Array): Buffer {
  const header = Buffer.concat([
    hex('60000000 0000 0040'),
    hex(`20010db8${'00'.repeat(11)}01`),
    hex(`20010db8${'00'.repeat(11)}02`),
  ]);
  header.writeUInt16BE(body.length, 4);
  header[6] = protocol;
  return inEthernet(0x86dd, Buffer.concat([header, body]));
}

/** A UDP datagram without a checksum. */
export function udpDatagram(port: number, body: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(49_152, 0);
  header.writeUInt16BE(port, 2);
  header.writeUInt16BE(8 + body.length, 4);
  return Buffer.concat([header, body]);
}

export const inUdp = (port: number, body: Uint8Array): Buffer => inIpv4(17, udpDatagram(port, body));

/** Octets between the addresses and the Ethertype. */
export const tagged = (frame: Buffer, octets: Buffer): Buffer =>
  Buffer.concat([frame.subarray(0, 12), octets, frame.subarray(12)]);

/** A header before the IP datagram instead of Ethernet's. */
export const before = (header: string, frame: Buffer): Buffer => Buffer.concat([hex(header), ipOf(frame)]);
