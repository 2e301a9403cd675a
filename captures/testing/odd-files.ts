import type { Packets } from './packets';

/** Files that no tool at hand writes any more. */

/**
 * Classic pcap in the other byte order, or of an old version; versions before 2.3 had the lengths of a record swapped. AIX writes 2.2 with nanoseconds
 * and a number of its own for Ethernet; patched libpcaps have longer headers of records.
 */
export function oddPcap(
  packets: Packets,
  { bigEndian = false, nanoseconds = false, minor = 4, swapped = false, aix = false, longer = 0 } = {},
): Buffer {
  const u32 = (value: number): Buffer => {
    const octets = Buffer.alloc(4);
    if (bigEndian) octets.writeUInt32BE(value);
    else octets.writeUInt32LE(value);
    return octets;
  };
  const version = bigEndian ? Buffer.of(0, 2, 0, minor) : Buffer.of(2, 0, minor, 0);
  const header = [
    u32(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4),
    version,
    u32(0),
    u32(0),
    u32(65_535),
    u32(aix ? 6 : 1),
  ];
  const records = packets.flatMap(({ timestampNs, data }) => {
    const original = data.length + (swapped ? 4 : 0); // a frame check sequence that was not kept
    const lengths = swapped ? [u32(original), u32(data.length)] : [u32(data.length), u32(original)];
    const fraction = Number((timestampNs % 1_000_000_000n) / (nanoseconds || aix ? 1n : 1000n));
    return [u32(Number(timestampNs / 1_000_000_000n)), u32(fraction), ...lengths, Buffer.alloc(longer), data];
  });
  return Buffer.concat([...header, ...records]);
}

export interface OddPcapngOptions {
  readonly bigEndian?: boolean;
  /** if_tsresol: with its top bit a power of two. */
  readonly resolution?: number;
  /** if_tsoffset in seconds. */
  readonly offsetSeconds?: bigint;
  /** Which blocks hold the packets, in turn. */
  readonly blocks?: readonly ('enhanced' | 'simple' | 'obsolete')[];
}

/** pcapng with what dumpcap and editcap do not write. */
export function oddPcapng(packets: Packets, options: OddPcapngOptions = {}): Buffer {
  const { bigEndian = false, resolution = 6, offsetSeconds = 0n, blocks = ['enhanced'] } = options;
  const integer = (size: 2 | 4 | 8, value: bigint | number): Buffer => {
    const octets = Buffer.alloc(8);
    octets.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)));
    const little = octets.subarray(0, size);
    return bigEndian ? Buffer.from(little).reverse() : little;
  };
  const u16 = (value: number): Buffer => integer(2, value);
  const u32 = (value: number): Buffer => integer(4, value);
  const block = (type: number, ...body: Buffer[]): Buffer => {
    const content = Buffer.concat(body);
    const padding = Buffer.alloc((4 - (content.length % 4)) % 4);
    const length = u32(12 + content.length + padding.length);
    return Buffer.concat([u32(type), length, content, padding, length]);
  };
  const section = block(0x0a0d0d0a, u32(0x1a2b3c4d), u16(1), u16(0), integer(8, -1n));
  const time = [u16(9), u16(1), Buffer.of(resolution, 0, 0, 0), u16(14), u16(8), integer(8, offsetSeconds)];
  const description = block(1, u16(1), u16(0), u32(0), ...time, u16(0), u16(0));
  const perSecond = resolution & 0x80 ? 1n << BigInt(resolution & 0x7f) : 10n ** BigInt(resolution);
  const records = packets.map(({ timestampNs, data }, i) => {
    const units = ((timestampNs - offsetSeconds * 1_000_000_000n) * perSecond) / 1_000_000_000n;
    const stamp = [u32(Number(units >> 32n)), u32(Number(units & 0xffff_ffffn))];
    const bytes = Buffer.from(data);
    const lengths = [u32(bytes.length), u32(bytes.length)];
    switch (blocks[i % blocks.length]!) {
      case 'enhanced':
        return block(6, u32(0), ...stamp, ...lengths, bytes);
      case 'obsolete':
        return block(2, u16(0), u16(0xffff), ...stamp, ...lengths, bytes);
      case 'simple':
        return block(3, u32(bytes.length), bytes);
    }
  });
  return Buffer.concat([section, description, ...records]);
}
