import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { copiesOf } from '../../../../captures/testing/copies';
import { packageRoot } from '../../../support/package-root';
import type { LargeInput } from './large-input';

const CORPUS = readFileSync(join(packageRoot(), 'captures/corpus/v4-threshold-clients.pcap'));
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

const SYN = 2;
const ACK = 0x10;
/** A PDU that begins and never ends. */
const BEGUN = Buffer.from('05000b0310000000ffff000001000000', 'hex');

const CAPTURES: Readonly<Record<string, (bytes: number) => Uint8Array>> = {
  exchanges: (bytes) => copiesOf(CORPUS, Math.floor(bytes / CORPUS.length)),
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
  'one segment again and again': (bytes) =>
    pcapOf(bytes, (i) => ipv4(6, 1, i === 0 ? tcp(1, 0, SYN) : tcp(1, 1, ACK, BEGUN))),
};

export const CAPTURE_INPUTS: readonly LargeInput[] = Object.entries({
  inspect: (file: string) => ['inspect', file, '--json', 'out.json'],
  anonymise: (file: string) => ['anonymise', file, 'out.pcap'],
}).flatMap(([verb, argv]) =>
  Object.entries(CAPTURES).map(([shape, make]) => ({ format: `a capture to ${verb}`, shape, make, argv })),
);
