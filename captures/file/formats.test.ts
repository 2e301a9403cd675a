import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { CaptureError, type CapturedPacket, openCapture } from '../index';
import { mutate, seededRandom } from '../testing/mutate';
import { oddPcap, oddPcapng } from '../testing/odd-files';
import { type Packets, readBytes, START, toPcap } from '../testing/packets';
import { MemorySink } from '../write/byte-sink';
import { PcapngWriter } from '../write/pcapng-writer';

const PACKETS: Packets = Array.from({ length: 5 }, (_, i) => ({
  timestampNs: START + BigInt(i) * 1_000_001_000n,
  data: Buffer.alloc(60 + i, i + 1),
}));

function toPcapng(packets: Packets): Buffer {
  const sink = new MemorySink();
  const writer = new PcapngWriter(sink);
  for (const packet of packets) writer.packet(packet);
  return sink.bytes;
}

/** Every format that is read, by name. */
const FILES: ReadonlyMap<string, Buffer> = new Map([
  ['pcap, nanoseconds', toPcap(PACKETS)],
  ['pcap, microseconds', toPcap(PACKETS, { nanoseconds: false })],
  ['pcap, big-endian', oddPcap(PACKETS, { bigEndian: true })],
  ['pcap 2.2', oddPcap(PACKETS, { minor: 2, swapped: true })],
  ['pcap 2.3, lengths swapped', oddPcap(PACKETS, { minor: 3, swapped: true })],
  ['pcap 2.3, big-endian', oddPcap(PACKETS, { minor: 3, bigEndian: true })],
  ['pcapng', toPcapng(PACKETS)],
  ['pcapng, big-endian', oddPcapng(PACKETS, { bigEndian: true })],
  ['pcapng, nanoseconds', oddPcapng(PACKETS, { resolution: 9 })],
  ['pcapng, picoseconds, offset', oddPcapng(PACKETS, { resolution: 12, offsetSeconds: 1_795_000_000n })],
  ['pcapng, obsolete blocks', oddPcapng(PACKETS, { blocks: ['obsolete'] })],
  [
    'pcapng, two sections',
    Buffer.concat([oddPcapng(PACKETS.slice(0, 2)), oddPcapng(PACKETS.slice(2), { bigEndian: true })]),
  ],
]);

async function packetsOf(
  chunks: Iterable<Uint8Array>,
  direct = false,
): Promise<{ packets: CapturedPacket[]; warnings: readonly { offset: number; message: string }[] }> {
  const capture = await openCapture(Readable.from(chunks), { name: 'test.pcap', direct });
  const packets: CapturedPacket[] = [];
  for await (const packet of capture) packets.push(packet);
  expect(capture.packets).to.equal(packets.length);
  return { packets, warnings: capture.warnings };
}

const shape = (packets: readonly CapturedPacket[]) =>
  packets.map(({ timestampNs, data }) => ({ timestampNs, data: Buffer.from(data) }));

async function failure(chunks: Iterable<Uint8Array>): Promise<CaptureError> {
  const error: unknown = await packetsOf(chunks).catch((thrown: unknown) => thrown);
  expect(error).to.be.instanceOf(CaptureError);
  return error as CaptureError;
}

describe('reading capture files', () => {
  for (const [name, file] of FILES) {
    it(`${name}: whole, by the byte, gzipped`, async () => {
      for (const chunks of [[file], [...file].map((octet) => Buffer.of(octet)), [gzipSync(file)]]) {
        const { packets, warnings } = await packetsOf(chunks);
        expect(shape(packets)).to.deep.equal(PACKETS);
        expect(warnings).to.deep.equal([]);
      }
    });

    it(`${name}: cut anywhere yields every whole packet, and says where it was cut`, async () => {
      const whole = (await packetsOf([file])).packets;
      // A record's header and data, or a block's 32 octets and its data padded to four.
      const recordLength = (size: number): number =>
        name.startsWith('pcapng') ? 32 + ((size + 3) & ~3) : 16 + size;
      const ends = whole.map(({ fileOffset, data }) => fileOffset + recordLength(data.length));
      for (let length = 1; length < file.length; length++) {
        const cut = file.subarray(0, length);
        if (length < whole[0]!.fileOffset) {
          // Within the headers: an error, or nothing but a warning where the first header is whole.
          const result = await packetsOf([cut]).catch((error: unknown) => error);
          if (result instanceof CaptureError) expect(result.offset).to.be.at.most(length);
          else expect((result as { packets: unknown[] }).packets).to.deep.equal([]);
          continue;
        }
        const { packets, warnings } = await packetsOf([cut]);
        expect(packets.length, `${length} bytes`).to.equal(ends.filter((end) => end <= length).length);
        const between = ends.includes(length) || length === file.length;
        if (warnings.length > 0) expect(warnings[0]!.offset).to.be.at.most(length);
        if (between) expect(warnings, `${length} bytes`).to.deep.equal([]);
      }
    });

    it(`${name}: split anywhere into two chunks gives the same`, async () => {
      for (let at = 1; at < file.length; at++) {
        const { packets } = await packetsOf([file.subarray(0, at), file.subarray(at)]);
        expect(shape(packets), `split at ${at}`).to.deep.equal(PACKETS);
      }
    });
  }

  it('gives the same packets and warnings through pcap-parser and round it, for 500 damaged files (seed 11)', async () => {
    const random = seededRandom(11);
    const classic = [...FILES]
      .filter(([name]) => name.startsWith('pcap,') || name.startsWith('pcap 2'))
      .map(([, file]) => file);
    for (let i = 0; i < 500; i++) {
      const file = classic[i % classic.length]!;
      const damaged =
        i < classic.length ? file : Buffer.concat([file.subarray(0, 24), mutate(file.subarray(24), random)]);
      const chunks = [damaged.subarray(0, 100), damaged.subarray(100)];
      const [through, round] = [await packetsOf(chunks), await packetsOf(chunks, true)];
      const all = (packets: readonly CapturedPacket[]) =>
        packets.map(({ timestampNs, timestampSeconds, linkType, data, originalLength, fileOffset }) => ({
          timestampNs,
          timestampSeconds,
          linkType,
          data: data.toString('hex'),
          originalLength,
          fileOffset,
        }));
      expect(all(round.packets), `file ${i}`).to.deep.equal(all(through.packets));
      expect(round.warnings, `file ${i}`).to.deep.equal(through.warnings);
    }
  });

  it('tells the offset of the record in the file for each packet', async () => {
    const { packets } = await packetsOf([FILES.get('pcap, nanoseconds')!]);
    expect(packets.map(({ fileOffset }) => fileOffset)).to.deep.equal([24, 100, 177, 255, 334]);
  });

  it('keeps what the packet had on the wire where it was cut', async () => {
    const { packets } = await packetsOf([toPcap([{ ...PACKETS[0]!, originalLength: 1500 }])]);
    expect(packets[0]).to.include({ originalLength: 1500, linkType: 1 });
  });

  it('stops at a record that claims more than can be, with its offset, at once', async () => {
    const file = Buffer.concat([
      FILES.get('pcap, nanoseconds')!,
      Buffer.alloc(16, 0xff),
      Buffer.alloc(1 << 20),
    ]);
    const { packets, warnings } = await packetsOf([file]);
    expect(packets).to.have.length(5);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.deep.include({ offset: FILES.get('pcap, nanoseconds')!.length });
    expect(warnings[0]!.message).to.match(/claims 4294967295 bytes/);
  });

  it('stops at a block whose lengths differ, with its offset', async () => {
    const file = Buffer.from(FILES.get('pcapng')!);
    file.writeUInt32LE(4, file.length - 4);
    const { packets, warnings } = await packetsOf([file]);
    expect(packets).to.have.length(4);
    expect(warnings.map(({ message }) => message).join()).to.match(/lengths of a block differ/);
  });

  const bad: readonly (readonly [what: string, bytes: Buffer, code: string, problem: RegExp])[] = [
    ['an empty file', Buffer.alloc(0), 'empty', /empty/],
    ['a text', Buffer.from('this is no capture'), 'not-a-capture', /neither pcap nor pcapng/],
    ['three bytes', Buffer.of(0xd4, 0xc3, 0xb2), 'not-a-capture', /neither pcap nor pcapng/],
    ['a pcap of 10 bytes', toPcap([]).subarray(0, 10), 'truncated-header', /within its header/],
    ['a pcapng of 10 bytes', toPcapng([]).subarray(0, 10), 'truncated-header', /within its first section/],
    ['pcap 3.4', Buffer.from(toPcap([])).fill(3, 4, 5), 'unsupported', /version 3\.4.*editcap/],
    ['pcap 2.5', Buffer.from(toPcap([])).fill(5, 6, 7), 'unsupported', /version 2\.5/],
    [
      'the modified pcap',
      Buffer.from('34cdb2a10200040000000000000000000000040001000000', 'hex'),
      'unsupported',
      /modified/,
    ],
    [
      'pcapng without its byte-order magic',
      Buffer.from(toPcapng([])).fill(0, 8, 12),
      'not-a-capture',
      /byte-order magic/,
    ],
    ['a gzip of nothing', gzipSync(''), 'empty', /empty/],
    [
      'a damaged gzip',
      Buffer.concat([Buffer.of(0x1f, 0x8b), Buffer.alloc(50, 7)]),
      'not-a-capture',
      /damaged from its start/,
    ],
  ];
  for (const [what, bytes, code, problem] of bad) {
    it(`refuses ${what} with a typed error`, async () => {
      const error = await failure([bytes]);
      expect(error.code).to.equal(code);
      expect(error.problem).to.match(problem);
      expect(error.message).to.match(/^test\.pcap at byte \d+: /);
      expect(error.message).to.not.include('\n');
    });
  }

  it('tells a missing file and a directory', async () => {
    for (const [file, problem] of [
      ['/nonexistent/x.pcap', /no such file/],
      [os.tmpdir(), /directory/],
    ] as const) {
      const error: unknown = await openCapture(file).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(CaptureError);
      expect((error as CaptureError).code).to.equal('unreadable');
      expect((error as CaptureError).problem).to.match(problem);
    }
  });

  it('tells a stream that fails', async () => {
    const failing = new Readable({ read: (): void => undefined });
    failing.push(FILES.get('pcap, nanoseconds')!);
    setImmediate(() => failing.destroy(new Error('the pipe broke')));
    const error: unknown = await packetsOfStream(failing).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(CaptureError);
    expect((error as CaptureError).problem).to.match(/the pipe broke/);
  });

  it('releases the file whether it is read to its end, left early, closed unread or refused', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'kmsspec-'));
    const openFiles = (): number => readdirSync('/proc/self/fd').length;
    try {
      const file = path.join(folder, 'x.pcap');
      const none = path.join(folder, 'none.pcap');
      await writeFile(file, toPcap(Array.from({ length: 5000 }, () => PACKETS[0]!)));
      await writeFile(none, 'this is no capture');
      const before = openFiles();
      for await (const _ of await openCapture(file)) break;
      for await (const _ of await openCapture(file)) continue;
      await (await openCapture(file)).close();
      await openCapture(none).catch(() => undefined);
      expect(openFiles()).to.equal(before);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('reads nothing ahead of who does not ask', async () => {
    let taken = 0;
    const record = toPcap(PACKETS);
    function* chunks(): Generator<Buffer> {
      yield record;
      for (; taken < 1000; taken++) yield record.subarray(24);
    }
    const capture = await openCapture(Readable.from(chunks(), { objectMode: true, highWaterMark: 1 }));
    const batches = capture.batches();
    await batches.next();
    await batches.next();
    expect(taken).to.be.below(10);
    await batches.return();
  });

  it('passes over packets of unknown links, and says so once', async () => {
    const { exchanges, warnings } = await readBytes(toPcap(PACKETS, { linkType: 147 }));
    expect(exchanges).to.deep.equal([]);
    expect(warnings.map(({ message }) => message)).to.deep.equal(['packets of link type 147 are not read']);
  });
});

async function packetsOfStream(stream: Readable): Promise<number> {
  let count = 0;
  for await (const _ of await openCapture(stream)) count++;
  return count;
}
