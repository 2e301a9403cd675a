import { createHash } from 'node:crypto';
import os from 'node:os';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { CaptureError, openCapture } from '../index';
import { oddPcap } from '../testing/odd-files';
import { toPcap } from '../testing/packets';
import { PACKETS, packetsOf, toPcapng } from '../testing/plain-packets';

async function failure(chunks: Iterable<Uint8Array>): Promise<CaptureError> {
  const error: unknown = await packetsOf(chunks).catch((thrown: unknown) => thrown);
  expect(error).to.be.instanceOf(CaptureError);
  return error as CaptureError;
}

describe('files that are damaged, or no captures', () => {
  it('stops at a record that claims more than can be, with its offset, at once', async () => {
    const file = Buffer.concat([toPcap(PACKETS), Buffer.alloc(16, 0xff), Buffer.alloc(1 << 20)]);
    const { packets, warnings } = await packetsOf([file]);
    expect(packets).to.have.length(5);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.deep.include({ offset: toPcap(PACKETS).length });
    expect(warnings[0]!.message).to.match(/claims 4294967295 bytes/);
  });

  it('stops at a block whose lengths differ, with its offset', async () => {
    const file = Buffer.from(toPcapng(PACKETS));
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
    ['the records of a patched libpcap', oddPcap(PACKETS, { longer: 8 }), 'unsupported', /24 bytes.*editcap/],
    ["Nokia's records", oddPcap(PACKETS, { longer: 4, bigEndian: true }), 'unsupported', /20 bytes.*editcap/],
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

  it('reads nearly all of what precedes damage in gzip: a flipped bit, or other bytes behind its end', async () => {
    const many = Array.from({ length: 400 }, (_, i) => ({
      ...PACKETS[i % 5]!,
      // What compresses badly, so that the damage is somewhere in the middle.
      data: createHash('sha512').update(`${i}`).digest(),
    }));
    const packed = gzipSync(toPcap(many));
    const flipped = Buffer.from(packed);
    flipped[packed.length >> 1]! ^= 0x10;
    const other = Buffer.concat([packed, Buffer.from('what a mail program put here')]);
    for (const [bytes, least, most] of [
      [flipped, 180, 400],
      [other, 385, 400],
    ] as const) {
      const { packets, warnings } = await packetsOf([bytes]);
      expect(packets.length).to.be.within(least, most);
      for (const [i, { data }] of packets.slice(0, 180).entries())
        expect(many[i]!.data.equals(data)).to.equal(true);
      expect(warnings[0]!.message).to.match(/gzipped data is cut or damaged/);
    }
  });

  it('gives up gzip that unpacks to more than any recording, and says how it is read all the same', async () => {
    const record = { ...PACKETS[0]!, data: Buffer.alloc(200_000) };
    const records = toPcap(Array<typeof record>(10).fill(record)).subarray(toPcap([]).length);
    const member = gzipSync(records);
    const few = [gzipSync(toPcap([])), ...Array<Buffer>(20).fill(member)];
    expect((await packetsOf(few)).packets).to.have.length(200);
    const { code, problem } = await failure([...few, ...Array<Buffer>(60).fill(member)]);
    expect(code).to.equal('unsupported');
    expect(problem).to.match(/unpack to more than 128 MB.*gunzip -c FILE \| kmsspec inspect -/);
  });

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
    failing.push(toPcap(PACKETS));
    setImmediate(() => failing.destroy(new Error('the pipe broke')));
    const error: unknown = await packetsOf(failing).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(CaptureError);
    expect((error as CaptureError).problem).to.match(/the pipe broke/);
  });
});
