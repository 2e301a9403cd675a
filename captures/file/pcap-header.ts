import { CaptureError } from '../capture-error';
import type { PacketClock } from '../packet';

/** Bytes of the file header of classic pcap, and of the header of each record. */
export const FILE_HEADER = 24;
export const RECORD_HEADER = 16;

/** The largest record that tcpdump and Wireshark write or read. */
export const MAX_PACKET = 262_144;

const MAGIC_MICROSECONDS = 0xa1b2c3d4;
const MAGIC_NANOSECONDS = 0xa1b23c4d;
/** A patched libpcap of the 1990s whose record headers are 8 bytes longer. */
const MAGIC_MODIFIED = 0xa1b2cd34;

export interface PcapHeader {
  readonly bigEndian: boolean;
  readonly nanoseconds: boolean;
  readonly linkType: number;
  /** Before version 2.3 the two lengths of a record stood the other way round; 2.3 was written both ways. */
  readonly lengthsSwapped: 'no' | 'yes' | 'maybe';
}

export function isPcapMagic(start: Buffer): boolean {
  if (start.length < 4) return false;
  const known = [MAGIC_MICROSECONDS, MAGIC_NANOSECONDS, MAGIC_MODIFIED];
  return known.includes(start.readUInt32LE(0)) || known.includes(start.readUInt32BE(0));
}

/**
 * Reads the 24 bytes that a classic pcap file starts with.
 * @throws CaptureError `unsupported` for versions other than 2.x and for the modified format
 */
export function readPcapHeader(bytes: Buffer, file: string): PcapHeader {
  const little = bytes.readUInt32LE(0);
  const bigEndian =
    little !== MAGIC_MICROSECONDS && little !== MAGIC_NANOSECONDS && little !== MAGIC_MODIFIED;
  const magic = bigEndian ? bytes.readUInt32BE(0) : little;
  if (magic === MAGIC_MODIFIED)
    throw unsupported(file, 0, 'this is the "modified" pcap format of old patched libpcaps');
  const u16 = (at: number): number => (bigEndian ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at));
  const u32 = (at: number): number => (bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at));
  const [major, minor] = [u16(4), u16(6)];
  if (major !== 2 || minor > 4)
    throw unsupported(file, 4, `pcap version ${major}.${minor}, known are 2.0 to 2.4`);
  return {
    bigEndian,
    nanoseconds: magic === MAGIC_NANOSECONDS,
    // The upper half holds flags and the length of a frame check sequence.
    linkType: u32(20) & 0xffff,
    lengthsSwapped: minor < 3 ? 'yes' : minor === 3 ? 'maybe' : 'no',
  };
}

function unsupported(file: string, offset: number, what: string): CaptureError {
  const problem = `${what}; write it anew with "editcap -F pcap IN OUT"`;
  return new CaptureError({ code: 'unsupported', file, offset, problem });
}

/** Classic pcap: seconds, and micro- or nanoseconds. */
export function pcapClock(nanoseconds: boolean): PacketClock {
  const unit = nanoseconds ? 1n : 1000n;
  const perSecond = nanoseconds ? 1e9 : 1e6;
  return {
    nanoseconds: (seconds, fraction) => BigInt(seconds) * 1_000_000_000n + BigInt(fraction) * unit,
    seconds: (seconds, fraction) => seconds + fraction / perSecond,
  };
}
