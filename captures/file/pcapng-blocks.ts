/** Block types of pcapng (draft-ietf-opsawg-pcapng). */
export const BLOCK = {
  section: 0x0a0d0d0a,
  interface: 1,
  obsoletePacket: 2,
  simplePacket: 3,
  enhancedPacket: 6,
} as const;

export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** A block of 16 MiB is no packet: longer ones are taken for damage. */
export const MAX_BLOCK = 16 * 1024 * 1024;

/** Options of interface blocks that matter for reading packets. */
const OPTION_TSRESOL = 9;
const OPTION_TSOFFSET = 14;

/** Integers of one section, in its byte order. */
export interface SectionReader {
  readonly bigEndian: boolean;
  u16(bytes: Buffer, at: number): number;
  u32(bytes: Buffer, at: number): number;
}

export const LITTLE_SECTION: SectionReader = {
  bigEndian: false,
  u16: (bytes, at) => bytes.readUInt16LE(at),
  u32: (bytes, at) => bytes.readUInt32LE(at),
};

export const BIG_SECTION: SectionReader = {
  bigEndian: true,
  u16: (bytes, at) => bytes.readUInt16BE(at),
  u32: (bytes, at) => bytes.readUInt32BE(at),
};

export interface TimeOptions {
  readonly resolution: number;
  readonly offsetSeconds: bigint;
}

/** Reads if_tsresol and if_tsoffset; options that are cut or unknown are passed over. */
export function timeOptions(block: Buffer, start: number, end: number, reader: SectionReader): TimeOptions {
  let resolution = 6;
  let offsetSeconds = 0n;
  let at = start;
  while (at + 4 <= end) {
    const code = reader.u16(block, at);
    const length = reader.u16(block, at + 2);
    const value = at + 4;
    if (code === 0 || value + length > end) break;
    if (code === OPTION_TSRESOL && length >= 1) resolution = block[value]!;
    if (code === OPTION_TSOFFSET && length >= 8) {
      offsetSeconds = reader.bigEndian ? block.readBigInt64BE(value) : block.readBigInt64LE(value);
    }
    at = value + ((length + 3) & ~3);
  }
  return { resolution, offsetSeconds };
}
