import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { CaptureError, openCapture } from '../index';

async function refusal(bytes: Buffer, name = 'file'): Promise<CaptureError> {
  try {
    await openCapture(Readable.from([bytes]), { name });
  } catch (error) {
    if (error instanceof CaptureError) return error;
    throw error;
  }
  throw new Error('it was taken for a capture');
}

const starting = (start: string, length = 200): Buffer =>
  Buffer.concat([Buffer.from(start, 'latin1'), Buffer.alloc(length)]);

/** By how the formats' own descriptions, and file(1), know them. */
const KINDS: readonly (readonly [kind: string, start: string, program: string])[] = [
  ['Network Monitor 1', 'RTSS\x00\x02', 'editcap'],
  ['Network Monitor 2', 'GMBU\x00\x02', 'editcap'],
  ['snoop', 'snoop\x00\x00\x00\x00\x00\x00\x02', 'editcap'],
  ['Sniffer', 'TRSNIFF data    \x1a', 'editcap'],
  ['NetXRay', 'XCP\x00002.00', 'editcap'],
  ['AiroPeek', '\x7fver', 'editcap'],
  ['iptrace', 'iptrace 2.0', 'editcap'],
  ['xz', '\xfd7zXZ\x00', 'xz -d'],
  ['lz4', '\x04\x22\x4d\x18', 'lz4 -d'],
  ['bzip2', 'BZh9', 'bzip2 -d'],
  ['zip', 'PK\x03\x04', 'unzip'],
  ['7-Zip', '7z\xbc\xaf\x27\x1c', '7z x'],
  ['cabinet', 'MSCF', 'cabextract'],
  ['Visual Networks', '\x05VNF', 'editcap'],
  ['LANalyzer', '\x01\x10L\x00', 'editcap'],
  ['5View', '\xaa\xaa\xaa\xaa', 'editcap'],
  ['nettl', 'TR\x00d\x00', 'editcap'],
  ['K12 text', '+---------+---------------+----------+', 'editcap'],
  ['Observer', 'ObserverPktBufferVersion=09.00', 'editcap'],
  ['Ixia', '\xac\x01\x00\x1c', 'editcap'],
  ['lz4 of old', '\x02\x21\x4c\x18', 'lz4 -d'],
  ['lzma', '\x5d\x00\x00\x80', 'xz -d'],
  ['rar', 'Rar!\x1a\x07\x01', 'unrar'],
  ['tar', `base.pcap${'\x00'.repeat(248)}ustar`, 'tar xf'],
  ['gzip twice', gzipSync(gzipSync('x')).toString('latin1'), 'gzip -d'],
  ['evtx', 'ElfFile\x00', 'correlate'],
  ['evt', '0\x00\x00\x00LfLe', 'wevtutil'],
  ['hex dump', '0000  02 00 00 00', 'text2pcap'],
  ['PDML', '<?xml version="1.0"?><pdml>', 'the capture that it was made of'],
  ['web page', '<html>404', 'download'],
];

describe('files that are no captures', () => {
  for (const [kind, start, program] of KINDS) {
    it(`${kind} is recognised, and the error names ${program}`, async () => {
      const { code, problem } = await refusal(starting(start));
      expect(code).to.equal('unsupported');
      expect(problem).to.contain(program);
    });
  }

  it('an event trace is known by its first buffer, or by its name', async () => {
    const trace = Buffer.alloc(200);
    trace.writeUInt32LE(65_536, 0);
    trace.set([2, 0xc0], 74);
    expect((await refusal(trace)).problem).to.contain('etl2pcap');
    expect((await refusal(Buffer.alloc(200, 1), 'NetTrace.ETL')).problem).to.contain('etl2pcap');
    expect((await refusal(Buffer.alloc(200, 1))).code).to.equal('not-a-capture');
  });

  it('are told inside of gzip too, in pieces of any size, and where they are shorter than what tells them', async () => {
    const packed = gzipSync(starting('snoop\x00\x00\x00'));
    expect((await refusal(packed)).problem).to.contain('snoop');
    const pieces = Array.from(starting('GMBU'), (octet) => Buffer.of(octet));
    await openCapture(Readable.from(pieces)).then(
      () => expect.fail('it was taken for a capture'),
      (error: unknown) => expect((error as CaptureError).problem).to.contain('Network Monitor 2'),
    );
    expect((await refusal(Buffer.from('RTSS'))).problem).to.contain('Network Monitor 1');
    expect((await refusal(Buffer.from('RT'))).code).to.equal('not-a-capture');
  });
});
