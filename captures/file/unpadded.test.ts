import { Readable } from 'node:stream';
import { expect } from 'chai';
import { openCapture } from '../index';
import { oddPcapng } from '../testing/odd-files';
import { type Packets, START } from '../testing/packets';

const PACKETS: Packets = Array.from({ length: 6 }, (_, i) => ({
  timestampNs: START + BigInt(i) * 1000n,
  data: Buffer.alloc(61 + i, i + 1),
}));

/** Where writers that leave the padding out of a block's length put the length's repetition. */
type Layout = 'behind the padding' | 'before the padding' | 'behind it, rounded';

/** Packet blocks whose length does not count their padding. */
function unpadded(bigEndian: boolean, layout: Layout): Buffer {
  const whole = oddPcapng(PACKETS, { bigEndian });
  const u32 = (at: number): number => (bigEndian ? whole.readUInt32BE(at) : whole.readUInt32LE(at));
  const word = (value: number): Buffer => {
    const octets = Buffer.alloc(4);
    if (bigEndian) octets.writeUInt32BE(value);
    else octets.writeUInt32LE(value);
    return octets;
  };
  const blocks: Buffer[] = [];
  for (let at = 0; at < whole.length; at += u32(at + 4)) {
    const length = u32(at + 4);
    const block = whole.subarray(at, at + length);
    const padding = u32(at) === 6 ? (4 - (u32(at + 20) % 4)) % 4 : 0;
    if (padding === 0) {
      blocks.push(block);
      continue;
    }
    const short = word(length - padding);
    const [head, body, zeros] = [
      block.subarray(0, 4),
      block.subarray(8, length - 4 - padding),
      Buffer.alloc(padding),
    ];
    const tails: Record<Layout, readonly Buffer[]> = {
      'behind the padding': [zeros, short],
      'before the padding': [short, zeros],
      'behind it, rounded': [zeros, word(length)],
    };
    blocks.push(Buffer.concat([head, short, body, ...tails[layout]]));
  }
  return Buffer.concat(blocks);
}

describe('block lengths that are no multiple of 4', () => {
  for (const bigEndian of [false, true]) {
    for (const layout of ['behind the padding', 'before the padding', 'behind it, rounded'] as const) {
      it(`are read on, with a warning: repeated ${layout}, ${bigEndian ? 'big' : 'little'}-endian`, async () => {
        const bytes = unpadded(bigEndian, layout);
        for (const size of [1, 7, bytes.length]) {
          const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
            bytes.subarray(i * size, (i + 1) * size),
          );
          const capture = await openCapture(Readable.from(pieces), { name: 'test' });
          const lengths: number[] = [];
          for await (const { data } of capture) lengths.push(data.length);
          expect(lengths).to.deep.equal(PACKETS.map(({ data }) => data.length));
          expect(capture.warnings).to.have.length(1);
          expect(capture.warnings[0]!.message).to.contain('no multiple of 4');
        }
      });
    }
  }
});
