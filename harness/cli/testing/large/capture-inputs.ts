import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { copiesOf } from '../../../../captures/testing/copies';
import { packageRoot } from '../../../support/package-root';
import { lineOf, madeRequests } from '../../../jobs/events/testing/made-requests';
import type { LargeInput } from './large-input';

const CORPUS = readFileSync(join(packageRoot(), 'captures/corpus/v4-threshold-clients.pcap'));
const ONE_EVENT = lineOf(madeRequests(1)[0]!);
const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const LINK_TYPE = 1;

/** A classic pcap of frames, as many as fit: `make` is given the number of each. */
function pcapOf(bytes: number, make: (i: number) => Buffer): Buffer {
  const header = Buffer.from(CORPUS.subarray(0, FILE_HEADER));
  header.writeUInt32LE(LINK_TYPE, 20);
  const parts: Buffer[] = [header];
  let size = FILE_HEADER;
  for (let i = 0; ; i++) {
    const frame = make(i);
    size += RECORD_HEADER + frame.length;
    if (size > bytes) return Buffer.concat(parts);
    const record = Buffer.alloc(RECORD_HEADER);
    record.writeUInt32LE(1_795_245_400 + (i >> 10), 0);
    record.writeUInt32LE(i & 0x3ff, 4);
    record.writeUInt32LE(frame.length, 8);
    record.writeUInt32LE(frame.length, 12);
    parts.push(record, frame);
  }
}

const ETHERNET = Buffer.from('020000000001020000000002080000', 'hex').subarray(0, 12);

function ipv4(protocol: number, source: number, payload: Buffer, fragment = 0, id = 1): Buffer {
  const ip = Buffer.alloc(20);
  ip[0] = 0x45;
  ip.writeUInt16BE(20 + payload.length, 2);
  ip.writeUInt16BE(id & 0xffff, 4);
  ip.writeUInt16BE(fragment, 6);
  ip[8] = 64;
  ip[9] = protocol;
  ip.writeUInt32BE((0x0a000000 + source) >>> 0, 12);
  ip.writeUInt32BE(0xc0000201, 16);
  return Buffer.concat([ETHERNET, Buffer.from([8, 0]), ip, payload]);
}

function tcp(port: number, sequence: number, flags: number, payload = Buffer.alloc(0)): Buffer {
  const segment = Buffer.alloc(20);
  segment.writeUInt16BE(1024 + (port % 60_000), 0);
  segment.writeUInt16BE(1688, 2);
  segment.writeUInt32BE(sequence >>> 0, 4);
  segment[12] = 0x50;
  segment[13] = flags;
  return Buffer.concat([segment, payload]);
}

/** From another address each time, so that none has a beginning in common with another. */
function ipv6(payload: Buffer, i: number): Buffer {
  const ip = Buffer.alloc(40);
  ip[0] = 0x60;
  ip.writeUInt16BE(payload.length, 4);
  ip[6] = 6;
  for (let word = 0; word < 8; word++) ip.writeInt32BE(Math.imul(i + 1, 0x9e3779b1 + 2 * word), 8 + 4 * word);
  return Buffer.concat([ETHERNET, Buffer.from([0x86, 0xdd]), ip, payload]);
}

function udp(port: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(port, 0);
  header.writeUInt16BE(53, 2);
  header.writeUInt16BE(8 + payload.length, 4);
  return Buffer.concat([header, payload]);
}

/** A question for the SRV record, or its answer with so many records; each name is a pointer to the first. */
function dns(i: number, records: number): Buffer<ArrayBuffer> {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(i & 0xffff, 0);
  header.writeUInt16BE(records > 0 ? 0x8180 : 0x0100, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records, 6);
  const question = Buffer.from('\x07_vlmcs\x04_tcp\x04test\0\0\x21\0\x01'.replace('\x07', '\x06'), 'latin1');
  const record = Buffer.from('c00c002100010000003c000900000000069804686f7374'.slice(0, -8) + 'c00c', 'hex');
  return Buffer.concat([header, question, ...Array<Buffer>(records).fill(record)]);
}

/** Of a request whose other fragments never come. */
function firstFragment(call: number): Buffer<ArrayBuffer> {
  const pdu = Buffer.from('05000001100000002000000000000000400000000000000000000000'.padEnd(64, '0'), 'hex');
  pdu.writeUInt32LE(call, 12);
  return pdu;
}

const VLAN = Buffer.from('81000001', 'hex');
const MPLS = Buffer.from('00000040', 'hex');
const SYN = 2;
const ACK = 0x10;
/** A PDU that begins and never ends. */
const BEGUN = Buffer.from('05000b0310000000ffff000001000000', 'hex');

const CAPTURES: Readonly<Record<string, (bytes: number) => Uint8Array>> = {
  exchanges: (bytes) => copiesOf(CORPUS, Math.floor(bytes / CORPUS.length), 60),
  'exchanges at many places': (bytes) => copiesOf(CORPUS, Math.floor(bytes / CORPUS.length)),
  retransmissions: (bytes) =>
    Buffer.concat([
      CORPUS,
      ...Array<Buffer>(Math.floor(bytes / CORPUS.length) - 1).fill(CORPUS.subarray(FILE_HEADER)),
    ]),
  'empty packets': (bytes) => pcapOf(bytes, () => Buffer.alloc(0)),
  'connections that open': (bytes) => pcapOf(bytes, (i) => ipv4(6, i, tcp(i, 0, SYN))),
  'connections that begin a PDU': (bytes) =>
    pcapOf(bytes, (i) =>
      ipv4(6, i >> 1, tcp(0, i & 1 ? 1 : 0, i & 1 ? ACK : SYN, i & 1 ? BEGUN : undefined)),
    ),
  'one fragment again and again': (bytes) =>
    pcapOf(bytes, (i) => ipv4(6, 1, Buffer.alloc(8), 0x2001, i === 0 ? 1 : 1)),
  'fragments of many datagrams': (bytes) => pcapOf(bytes, (i) => ipv4(6, i >> 8, Buffer.alloc(8), 0x2001, i)),
  'segments out of order': (bytes) =>
    pcapOf(bytes, (i) => ipv4(6, 1, i === 0 ? tcp(1, 0, SYN) : tcp(1, 2 * i + 1000, ACK, Buffer.alloc(1)))),
  'connections of IPv6 that open': (bytes) => pcapOf(bytes, (i) => ipv6(tcp(i, 0, SYN), i)),
  'tags in tags': (bytes) =>
    pcapOf(bytes, () => Buffer.concat([ETHERNET, ...Array<Buffer>(370).fill(VLAN), Buffer.from([8, 0])])),
  'labels on labels': (bytes) =>
    pcapOf(bytes, () =>
      Buffer.concat([ETHERNET, Buffer.from([0x88, 0x47]), ...Array<Buffer>(370).fill(MPLS)]),
    ),
  'IP in IP': (bytes) => {
    const header = ipv4(4, 1, Buffer.alloc(0)).subarray(14);
    const frame = Buffer.concat([ETHERNET, Buffer.from([8, 0]), ...Array<Buffer>(74).fill(header)]);
    for (let at = 14; at < frame.length; at += 20) frame.writeUInt16BE(frame.length - at, at + 2);
    return pcapOf(bytes, () => frame);
  },
  'many fragments of few datagrams': (bytes) =>
    pcapOf(bytes, (i) => ipv4(6, 1, Buffer.alloc(8), 0x2000 | (1 + (i % 8000)), i / 8000)),
  'lookups without answers': (bytes) =>
    pcapOf(bytes, (i) => ipv4(17, i, udp(1024 + (i % 60_000), dns(i, 0)))),
  'answers of many records': (bytes) =>
    pcapOf(bytes, (i) => {
      const frame = ipv4(17, 1, udp(1024, dns(i, 60)));
      frame.writeUInt16BE(53, 34);
      return frame;
    }),
  'first PDUs of calls': (bytes) =>
    pcapOf(bytes, (i) =>
      ipv4(6, 1, i === 0 ? tcp(1, 0, SYN) : tcp(1, 1 + (i - 1) * 32, ACK, firstFragment(i))),
    ),
  'one segment again and again': (bytes) =>
    pcapOf(bytes, (i) => ipv4(6, 1, i === 0 ? tcp(1, 0, SYN) : tcp(1, 1, ACK, BEGUN))),
};

/** A pcapng of blocks behind a section header and, where they need one, an interface. */
function pcapngOf(bytes: number, type: number, body: Buffer): Buffer {
  const block = (kind: number, content: Buffer): Buffer => {
    const framed = Buffer.alloc(12 + content.length);
    framed.writeUInt32LE(kind, 0);
    framed.writeUInt32LE(framed.length, 4);
    framed.set(content, 8);
    framed.writeUInt32LE(framed.length, framed.length - 4);
    return framed;
  };
  const section = block(0x0a0d0d0a, Buffer.from('4d3c2b1a01000000ffffffffffffffff', 'hex'));
  const start = Buffer.concat([section, block(1, Buffer.from('0100000000000400', 'hex'))]);
  const one = block(type, body);
  return Buffer.concat([start, ...Array<Buffer>(Math.floor((bytes - start.length) / one.length)).fill(one)]);
}

const SHAPES: typeof CAPTURES = {
  ...CAPTURES,
  'a pcapng of sections': (bytes) =>
    pcapngOf(bytes, 0x0a0d0d0a, Buffer.from('4d3c2b1a01000000ffffffffffffffff', 'hex')),
  'a pcapng of interfaces': (bytes) => pcapngOf(bytes, 1, Buffer.from('0100000000000400', 'hex')),
  'a pcapng of names': (bytes) =>
    pcapngOf(bytes, 4, Buffer.from(`${'01000600c0000201610000'}00`.padEnd(32, '0'), 'hex')),
  'a pcapng of unknown blocks': (bytes) => pcapngOf(bytes, 0x0bad, Buffer.alloc(0)),
  'a pcapng of empty packets': (bytes) => pcapngOf(bytes, 6, Buffer.alloc(20)),
  'gzip in gzip members': (bytes) => {
    const member = gzipSync(pcapOf(LARGEST_UNPACKED, () => Buffer.alloc(0)));
    return Buffer.concat(Array<Buffer>(Math.floor(bytes / member.length)).fill(member));
  },
  'gzip of empty packets': () => gzipSync(pcapOf(LARGEST_UNPACKED, () => Buffer.alloc(0))),
};
/** What a fortieth of a megabyte unpacks to. */
const LARGEST_UNPACKED = 100_000_000;

/** Verbs that read captures, and what stands beside one. */
const READERS: Readonly<Record<string, Omit<LargeInput, 'format' | 'shape' | 'make'>>> = {
  inspect: { argv: (file) => ['inspect', file, '--json', 'out.json'] },
  anonymise: { argv: (file) => ['anonymise', file, 'out.pcap'] },
  correlate: { argv: (file) => ['correlate', file, 'log.txt'], beside: { 'log.txt': `${ONE_EVENT}\n` } },
  replay: { argv: (file) => ['replay', file, '--json', 'out.json'] },
  fuzz: {
    place: 'corpus/large.pcap',
    argv: (file) => ['fuzz', '--runs', '64', '--corpus', dirname(file), '--out', 'found'],
  },
  diff: {
    place: 'corpus/large.pcap',
    argv: (file) => ['diff', 'lab', 'lab', '--runs', '8', '--corpus', dirname(file), '--out', 'found'],
  },
};

export const CAPTURE_INPUTS: readonly LargeInput[] = Object.entries(READERS).flatMap(([verb, reader]) =>
  Object.entries(SHAPES).map(([shape, make]) => ({ format: `a capture to ${verb}`, shape, make, ...reader })),
);
