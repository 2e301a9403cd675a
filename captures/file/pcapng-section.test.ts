import { Readable } from 'node:stream';
import { expect } from 'chai';
import { type CapturedPacket, openCapture } from '../index';
import { oddPcapng } from '../testing/odd-files';
import { type Packets, START } from '../testing/packets';

const PACKETS: Packets = Array.from({ length: 5 }, (_, i) => ({
  timestampNs: START + BigInt(i) * 1_000_000_000n,
  data: Buffer.alloc(60 + i, i + 1),
}));

async function packetsOf(file: Buffer) {
  const capture = await openCapture(Readable.from([file]), { name: 'test.pcapng' });
  const packets: CapturedPacket[] = [];
  for await (const packet of capture) packets.push(packet);
  return { packets, warnings: capture.warnings };
}

const shape = (packets: readonly CapturedPacket[]) =>
  packets.map(({ timestampNs, data }) => ({ timestampNs, data: Buffer.from(data) }));

/** A block of pcapng, little-endian. */
function block(type: number, body: Buffer): Buffer {
  const ends = Buffer.alloc(8);
  ends.writeUInt32LE(type);
  ends.writeUInt32LE(12 + body.length, 4);
  return Buffer.concat([ends, body, ends.subarray(4)]);
}

describe('pcapng blocks that do not fit', () => {
  const section = oddPcapng([]).subarray(0, 28);
  const whole = oddPcapng(PACKETS);
  const after = (...blocks: Buffer[]) => packetsOf(Buffer.concat([...blocks, whole]));

  for (const [what, type, length] of [
    ['an interface block', 1, 4],
    ['an obsolete packet block', 2, 16],
    ['an enhanced packet block', 6, 12],
  ] as const) {
    it(`passes over ${what} that is too short, says where it was and reads on`, async () => {
      const { packets, warnings } = await after(section, block(type, Buffer.alloc(length)));
      expect(shape(packets)).to.deep.equal(PACKETS);
      expect(warnings).to.deep.equal([{ offset: 28, message: `${what} is too short: passed over` }]);
    });
  }

  it('passes over packets of interfaces that were not declared', async () => {
    const { packets, warnings } = await after(section, block(3, Buffer.alloc(8)), block(6, Buffer.alloc(20)));
    expect(shape(packets)).to.deep.equal(PACKETS);
    expect(warnings.map(({ message }) => message)).to.deep.equal([
      'a simple packet block without an interface: passed over',
      'a packet block names interface 0, which was not declared: passed over',
    ]);
  });

  it('keeps no more interfaces than a machine has, and reads their packets', async () => {
    const many = Array.from({ length: 5000 }, () => block(1, Buffer.of(1, 0, 0, 0, 0, 0, 0, 0)));
    const packet = (index: number): Buffer => {
      const body = Buffer.alloc(24);
      body.writeUInt32LE(index);
      body.writeUInt32LE(4, 12);
      body.writeUInt32LE(4, 16);
      return block(6, body);
    };
    const { packets, warnings } = await packetsOf(
      Buffer.concat([section, ...many, packet(4095), packet(4096)]),
    );
    expect(packets).to.have.length(1);
    expect(warnings.map(({ message }) => message)).to.deep.equal([
      'more than 4096 interfaces: the rest is passed over',
      'a packet block names interface 4096, which was not declared: passed over',
    ]);
  });
});
