import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tagged } from '../testing/around';
import { type Packets, play, toPcap } from '../testing/packets';
import { CORPUS, recordedConnections, type RecordedCalls } from '../testing/recorded';
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
function withOptions(frame: Buffer, options: Buffer): Buffer<ArrayBuffer> {
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

/** A block of a pcapng. */
function block(type: number, body: Buffer): Buffer {
  const framed = Buffer.alloc(12 + ((body.length + 3) & ~3));
  framed.writeUInt32LE(type, 0);
  framed.writeUInt32LE(framed.length, 4);
  body.copy(framed, 8);
  framed.writeUInt32LE(framed.length, framed.length - 4);
  return framed;
}

/** An option of code 1, which is a comment in every block. */
function comment(told: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(1, 0);
  head.writeUInt16LE(told.length, 2);
  return Buffer.concat([head, told]);
}

/** Blocks that hold more than packets: their types, what stands before what is told, and whether that is an option. */
const BLOCKS: readonly (readonly [type: number, fixed: string, withOptions: boolean])[] = [
  [0x0a0d0d0a, '4d3c2b1a01000000ffffffffffffffff', true], // section header
  [1, '0100000000000400', true], // interface
  [4, '0100240001020304', false], // names, of an IPv4 address
  [5, '000000000000000000000000', true], // statistics
  [10, '4b534c5420000000', false], // secrets: a key log
  [0x0bad, '00000000', false], // custom
  [0x4242, '', false], // unknown
];

const V6 = { client: '[2001:db8::10]:50000', host: '[2001:db8::1]:1688' };

/** As `withOptions`, of the header of IPv4. */
function withIpOption(frame: Buffer, option: Buffer): Buffer<ArrayBuffer> {
  const long = Buffer.concat([frame.subarray(0, TCP), option, frame.subarray(TCP)]);
  long[14] = 0x46;
  long.writeUInt16BE(long.readUInt16BE(16) + option.length, 16);
  return long;
}

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

  for (const [encoding, encode] of Object.entries(ENCODINGS)) {
    it(`is not told any more: in blocks and options of a pcapng, in ${encoding}`, async () => {
      const told = encode(WORD).subarray(0, OCTETS);
      const file = join(folder, 'in.pcapng');
      const blocks = BLOCKS.map(([type, fixed, withOptions]) =>
        block(
          type,
          Buffer.concat([Buffer.from(fixed, 'hex'), withOptions ? comment(told) : told, Buffer.alloc(4)]),
        ),
      );
      const before = Buffer.concat([
        ...blocks,
        readFileSync(join(CORPUS, 'v4-mixed-growth.pcapng')),
        ...blocks,
      ]);
      await writeFile(file, before);
      const sink = new MemorySink();
      await anonymise(file, sink, { secret: 'of this test' });
      expect(before.includes(told.subarray(0, 12))).to.equal(true);
      expect(sink.bytes.length).to.be.greaterThan(1000);
      expect(sink.bytes.includes(told.subarray(0, 12))).to.equal(false);
    });
  }

  /** Numbers that a machine counts or draws, each where it stands in a frame of Ethernet and IP, and whether it becomes zero. */
  const NUMBERS: Readonly<Record<string, { v6?: true; at: number; octets: string; zero?: true }>> = {
    'an identification': { at: 18, octets: 'beef', zero: true },
    'an option of IP': { at: TCP, octets: '4404cafe' },
    'a flow label': { v6: true, at: 15, octets: '0abcde', zero: true },
    'a sequence number': { at: TCP + 4, octets: 'a1b2c3d4' },
    'an acknowledgement': { at: TCP + 8, octets: 'a1b2c3d4' },
    'an urgent pointer where nothing is urgent': { at: TCP + 18, octets: 'beef', zero: true },
    timestamps: { at: TCP + 20, octets: '080aa1b2c3d4e1f2a3b4' },
    'a block of SACK': { at: TCP + 20, octets: '050aa1b2c3d4e1f2a3b4' },
    'an ACK of a segment that acknowledges nothing': { at: TCP + 8, octets: 'a1b2c3d4', zero: true },
  };
  for (const [what, { v6, at, octets, zero }] of Object.entries(NUMBERS)) {
    it(`is not told any more: ${what}`, async () => {
      const number = Buffer.from(octets, 'hex');
      const isOption = at === TCP + 20;
      const isIpOption = what === 'an option of IP';
      const played = play(calls, v6 === true ? V6 : {});
      // The first is the SYN: what it has is met once.
      const packets = played.map((packet, i) => {
        if (i > 0) return packet;
        let data = Buffer.from(packet.data);
        if (isOption) data = withOptions(data, number);
        else if (isIpOption) data = withIpOption(data, number);
        else number.copy(data, at);
        return { ...packet, data, originalLength: data.length };
      });
      const [before, after] = await anonymised(packets);
      const place = 24 + 16 + at;
      expect(before.subarray(place, place + number.length).equals(number)).to.equal(true);
      const now = after.subarray(place, place + number.length);
      // The kind of an option may stay, what it says may not.
      expect(now.includes(number.subarray(isOption || isIpOption ? 2 : 0))).to.equal(false);
      if (zero === true)
        expect(now.every((octet, k) => octet === 0 || (k === 0 && v6 === true))).to.equal(true);
    });
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
