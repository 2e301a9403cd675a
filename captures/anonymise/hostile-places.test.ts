import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tagged } from '../testing/around';
import { type Packets, play, toPcap } from '../testing/packets';
import { recordedConnections, type RecordedCalls } from '../testing/recorded';
import { MemorySink } from '../write/byte-sink';
import { anonymise } from './anonymise';

const TCP = 34;
const OCTETS = 32;

/** The same word as hosts and their tools write it. */
const ENCODINGS: Readonly<Record<string, (text: string) => Buffer>> = {
  ASCII: (text) => Buffer.from(text, 'latin1'),
  'UTF-8': (text) => Buffer.from(text.replaceAll('e', 'é')),
  'UTF-16 LE': (text) => Buffer.from(text, 'utf16le'),
  'UTF-16 BE': (text) => Buffer.from(text, 'utf16le').swap16(),
};
const WORD = 'secrethost.corp1';

/** Octets behind the TCP header's fixed part, as options. */
function withOptions(frame: Buffer, options: Buffer): Buffer {
  const size = (frame[TCP + 12]! >> 4) * 4;
  const room = Buffer.concat([options, Buffer.alloc((4 - (options.length % 4)) % 4, 1)]).subarray(
    0,
    60 - size,
  );
  const long = Buffer.concat([frame.subarray(0, TCP + 20), room, frame.subarray(TCP + 20)]);
  long[TCP + 12] = ((size + room.length) / 4) << 4;
  long.writeUInt16BE(long.readUInt16BE(16) + room.length, 16);
  return long;
}

const option =
  (kind: number, length?: number) =>
  (packets: Packets, told: Buffer): Packets =>
    packets.map((packet) => {
      const part = told.subarray(0, 34);
      const head = Buffer.from([kind, length ?? part.length + 2]);
      const data = withOptions(Buffer.from(packet.data), Buffer.concat([head, part]));
      return { ...packet, data, originalLength: data.length };
    });

/** A PDU of a kind, with so many octets of its body before the told ones. */
function pdu(ptype: number, before: Buffer, told: Buffer): Buffer {
  const bytes = Buffer.concat([Buffer.from([5, 0, ptype, 3, 0x10, 0, 0, 0]), Buffer.alloc(8), before, told]);
  bytes.writeUInt16LE(bytes.length, 8);
  bytes.writeUInt32LE(2, 12);
  return bytes;
}

const said =
  (ptype: number, before: string) =>
  (calls: RecordedCalls, told: Buffer): RecordedCalls => ({
    ...calls,
    pdus: [
      ...calls.pdus,
      { ...calls.pdus.at(-1)!, side: 'host', bytes: pdu(ptype, Buffer.from(before, 'hex'), told) },
    ],
  });

interface Place {
  readonly calls?: (calls: RecordedCalls, told: Buffer) => RecordedCalls;
  readonly packets?: (packets: Packets, told: Buffer) => Packets;
}

/** Where a capture may tell who took part, besides what the messages say. */
const PLACES: Readonly<Record<string, Place>> = {
  'behind the versions of a bind_nak': { calls: said(13, '0000010500') },
  'in the stub of a fault': { calls: said(3, '20000000000000000100011c00000000') },
  'in a PDU of no known kind': { calls: said(77, '') },
  'in a cancel': { calls: said(18, '') },
  'behind the contexts of a bind_ack': {
    calls: said(
      12,
      'd016d016010000000500313638380000010000000000000004' + '5d888aeb1cc9119fe808002b10486002000000',
    ),
  },
  'in octets that are no PDU': { calls: said(2, 'ffff') },
  'in timestamps that are too long': { packets: option(8) },
  'in blocks of SACK': { packets: option(5) },
  'in an option of TCP for experiments': { packets: option(253) },
  'in a segment size that is too long': { packets: option(2) },
  'behind an option whose length is none': { packets: option(3, 1) },
  'behind the datagram': {
    packets: (packets, told) =>
      packets.map((packet) => ({
        ...packet,
        data: Buffer.concat([packet.data, told]),
        originalLength: packet.data.length + told.length,
      })),
  },
};

describe('what a capture tells beside its messages', () => {
  let folder: string;
  let calls: RecordedCalls;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'places-test-'));
    [calls] = (await recordedConnections('v4-refused.pcap')) as [RecordedCalls];
  });
  after(() => rm(folder, { recursive: true }));

  const anonymised = async (packets: Packets): Promise<[Buffer, Buffer]> => {
    const [file, sink] = [join(folder, 'in.pcap'), new MemorySink()];
    const before = toPcap(packets);
    await writeFile(file, before);
    await anonymise(file, sink, { secret: 'of this test' });
    return [before, sink.bytes];
  };

  for (const [place, { calls: change, packets: wrap }] of Object.entries(PLACES)) {
    for (const [encoding, encode] of Object.entries(ENCODINGS)) {
      it(`is not told any more: ${place}, in ${encoding}`, async () => {
        const told = encode(WORD).subarray(0, OCTETS);
        const packets = play(change?.(calls, told) ?? calls);
        const [before, after] = await anonymised(wrap?.(packets, told) ?? packets);
        const begin = told.subarray(0, 12);
        expect(before.includes(begin), 'it stands in the capture').to.equal(true);
        expect(after.length).to.be.greaterThan(200);
        expect(after.includes(begin)).to.equal(false);
      });
    }
  }

  it('are numbers of networks, of datagrams, of flows and of octets', async () => {
    const packets = play(calls).map((packet) => {
      const frame = Buffer.from(packet.data);
      frame.writeUInt16BE(0xbeef, 18);
      const data = tagged(frame, Buffer.from([0x81, 0x00, 0x6a, 0xbc]));
      return { ...packet, data, originalLength: data.length };
    });
    const [before, after] = await anonymised(packets);
    // The first sequence number: behind the headers of file, packet, Ethernet with its tag, and IP.
    const at = 24 + 16 + 4 + TCP + 4;
    expect(after.subarray(at, at + 4).equals(before.subarray(at, at + 4))).to.equal(false);
    for (const [what, octets] of [
      ['a VLAN id', Buffer.from([0x6a, 0xbc, 0x08, 0x00])],
      ['an identification', Buffer.from([0xbe, 0xef])],
    ] as const) {
      expect(before.includes(octets), what).to.equal(true);
      expect(after.includes(octets), what).to.equal(false);
    }
  });
});
