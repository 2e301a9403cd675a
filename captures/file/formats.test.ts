import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { CaptureError, type CapturedPacket, openCapture } from '../index';
import { mutate, mutations } from '../testing/mutate';
import { oddPcap, oddPcapng } from '../testing/odd-files';
import { readBytes, toPcap } from '../testing/packets';
import { PACKETS, packetsOf, toPcapng } from '../testing/plain-packets';

/** Every format that is read, by name. */
const FILES: ReadonlyMap<string, Buffer> = new Map([
  ['pcap, nanoseconds', toPcap(PACKETS)],
  ['pcap, microseconds', toPcap(PACKETS, { nanoseconds: false })],
  ['pcap, big-endian', oddPcap(PACKETS, { bigEndian: true })],
  ['pcap, big-endian nanoseconds', oddPcap(PACKETS, { bigEndian: true, nanoseconds: true })],
  ['pcap 2.2', oddPcap(PACKETS, { minor: 2, swapped: true })],
  ['pcap of AIX', oddPcap(PACKETS, { minor: 2, bigEndian: true, aix: true })],
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

const shape = (packets: readonly CapturedPacket[]) =>
  packets.map(({ timestampNs, data }) => ({ timestampNs, data: Buffer.from(data) }));

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
    const classic = [...FILES].filter(([name]) => name.startsWith('pcap,') || name.startsWith('pcap 2'));
    const all = ({ packets, warnings }: Awaited<ReturnType<typeof packetsOf>>) => ({
      warnings,
      packets: packets.map(
        ({ timestampNs, timestampSeconds, linkType, data, originalLength, fileOffset }) => ({
          timestampNs,
          timestampSeconds,
          linkType,
          data: data.toString('hex'),
          originalLength,
          fileOffset,
        }),
      ),
    });
    const same = fc.asyncProperty(fc.constantFrom(...classic), mutations, async ([, file], damage) => {
      const damaged = Buffer.concat([file.subarray(0, 24), mutate(file.subarray(24), damage)]);
      const chunks = [damaged.subarray(0, 100), damaged.subarray(100)];
      expect(all(await packetsOf(chunks, true))).to.deep.equal(all(await packetsOf(chunks)));
    });
    // The files as they are, then damaged ones.
    const examples = classic.map((file): [typeof file, []] => [file, []]);
    await fc.assert(same, { seed: 11, numRuns: 500, examples });
  });

  it('tells the offset of the record in the file for each packet', async () => {
    const { packets } = await packetsOf([FILES.get('pcap, nanoseconds')!]);
    expect(packets.map(({ fileOffset }) => fileOffset)).to.deep.equal([24, 100, 177, 255, 334]);
  });

  it('keeps what the packet had on the wire where it was cut', async () => {
    const { packets } = await packetsOf([toPcap([{ ...PACKETS[0]!, originalLength: 1500 }])]);
    expect(packets[0]).to.include({ originalLength: 1500, linkType: 1 });
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
    expect(warnings.map(({ message }) => message)).to.deep.equal([
      `${PACKETS.length} packets of link type 147 are not read: connections inside cannot be seen`,
    ]);
  });
});
