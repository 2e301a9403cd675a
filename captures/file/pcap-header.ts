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

/** AIX writes version 2.2, nanoseconds, and the interface's type of SNMP (RFC 1213, ifType) in place of a link type. */
const AIX_LINKS: Readonly<Record<number, number>> = { 6: 1, 9: 6, 15: 10, 24: 0 };

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
  // The upper half holds flags and the length of a frame check sequence.
  const linkType = u32(20) & 0xffff;
  const ofAix = minor === 2 ? AIX_LINKS[linkType] : undefined;
  if (ofAix !== undefined) return { bigEndian, nanoseconds: true, linkType: ofAix, lengthsSwapped: 'no' };
  return {
    bigEndian,
    nanoseconds: magic === MAGIC_NANOSECONDS,
    linkType,
    lengthsSwapped: minor < 3 ? 'yes' : minor === 3 ? 'maybe' : 'no',
  };
}

/** Patched libpcaps of the 1990s, and Nokia's, have more in front of each packet, some of them without a magic of their own. */
const OTHER_RECORD_HEADERS = [24, 20];
const RECORDS_LOOKED_AT = 3;

/**
 * @param records what follows the file's header, as much of it as is there
 * @throws CaptureError `unsupported` where records fit together only with a longer header than they should have
 */
export function refuseOtherRecords(records: Buffer, header: PcapHeader, file: string): void {
  if (header.lengthsSwapped !== 'no' || fit(records, header, RECORD_HEADER)) return;
  const size = OTHER_RECORD_HEADERS.find((one) => fit(records, header, one));
  if (size === undefined) return;
  throw unsupported(
    file,
    FILE_HEADER,
    `its records have headers of ${size} bytes, as some patched libpcaps write them`,
  );
}

/** Whether the first records are packets by their lengths and times, with headers of this size. */
function fit(records: Buffer, { bigEndian, nanoseconds }: PcapHeader, size: number): boolean {
  const u32 = (at: number): number => (bigEndian ? records.readUInt32BE(at) : records.readUInt32LE(at));
  let count = 0;
  let at = 0;
  for (; count < RECORDS_LOOKED_AT && at + size <= records.length; count++) {
    const captured = u32(at + 8);
    const isPacket = captured <= MAX_PACKET && captured <= u32(at + 12);
    if (!isPacket || u32(at + 4) >= (nanoseconds ? 1e9 : 1e6)) return false;
    at += size + captured;
  }
  return count > 1;
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
