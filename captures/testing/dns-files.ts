import { setIpv4Checksum } from '../net/checksum';
import { inEthernet } from './around';

/** DNS over UDP as frames, between a client and a server: enough to look a service up. */

export interface DnsQuestion {
  readonly id: number;
  readonly name: string;
  readonly type: number;
}

const SRV = 33;
const A = 1;

function name(text: string): Buffer {
  const labels = text.split('.').map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.of(0)]);
}

/** The name of the question, by a pointer. */
const ASKED = Buffer.of(0xc0, 12);

function record(owner: Buffer, type: number, data: Buffer): Buffer {
  const header = Buffer.alloc(10);
  header.writeUInt16BE(type, 0);
  header.writeUInt16BE(1, 2);
  header.writeUInt32BE(3600, 4);
  header.writeUInt16BE(data.length, 8);
  return Buffer.concat([owner, header, data]);
}

export function srvRecord(port: number, target: string): Buffer {
  const data = Buffer.concat([Buffer.alloc(6), name(target)]);
  data.writeUInt16BE(port, 4);
  return record(ASKED, SRV, data);
}

export const aRecord = (address: string): Buffer =>
  record(ASKED, A, Buffer.from(address.split('.').map(Number)));

/** A query, or with a code an answer of these records. */
export function dnsMessage(
  { id, name: asked, type }: DnsQuestion,
  code: number | null,
  answers: readonly Buffer[] = [],
): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(code === null ? 0x0100 : 0x8180 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answers.length, 6);
  const question = Buffer.alloc(4);
  question.writeUInt16BE(type, 0);
  question.writeUInt16BE(1, 2);
  return Buffer.concat([header, name(asked), question, ...answers]);
}

/** A UDP datagram in Ethernet and IPv4. */
export function udpFrame(
  from: readonly [string, number],
  to: readonly [string, number],
  body: Buffer,
): Buffer {
  const datagram = Buffer.alloc(8);
  datagram.writeUInt16BE(from[1], 0);
  datagram.writeUInt16BE(to[1], 2);
  datagram.writeUInt16BE(8 + body.length, 4);
  return ipv4Frame(17, from[0], to[0], Buffer.concat([datagram, body]));
}

export function ipv4Frame(protocol: number, from: string, to: string, body: Buffer): Buffer {
  const header = Buffer.alloc(20);
  header[0] = 0x45;
  header.writeUInt16BE(20 + body.length, 2);
  header[8] = 64;
  header[9] = protocol;
  header.set(from.split('.').map(Number), 12);
  header.set(to.split('.').map(Number), 16);
  setIpv4Checksum(header, 0);
  return inEthernet(0x0800, Buffer.concat([header, body]));
}
