import { LINK } from '../link/link';
import type { ByteSink } from './byte-sink';
import type { PacketToWrite, PacketWriter } from './packet-writer';

/** As tcpdump has it: no packet is cut. */
export const SNAP_LENGTH = 262_144;

/** 32 bits of seconds since 1970 end in 2106. */
const LAST_TIME = (1n << 32n) * 1_000_000_000n - 1n;

/** What the header of a classic pcap file says. */
export interface PcapOptions {
  /** LINKTYPE_ number; Ethernet by default. */
  readonly linkType?: number;
  /** Nanoseconds (the magic of libpcap 1.5) instead of microseconds, by default. */
  readonly nanoseconds?: boolean;
}

/** Writes classic pcap 2.4, little-endian. */
export class PcapWriter implements PacketWriter {
  readonly #unitNs: bigint;

  constructor(
    private readonly sink: ByteSink,
    { linkType = LINK.ethernet, nanoseconds = true }: PcapOptions = {},
  ) {
    this.#unitNs = nanoseconds ? 1n : 1000n;
    const header = Buffer.alloc(24);
    header.writeUInt32LE(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, 0);
    header.writeUInt16LE(2, 4);
    header.writeUInt16LE(4, 6);
    header.writeUInt32LE(SNAP_LENGTH, 16);
    header.writeUInt32LE(linkType, 20);
    sink.write(header);
  }

  /** A time that the format cannot hold becomes the nearest that it can; a packet longer than any reader takes is cut. */
  packet({ timestampNs, data, originalLength }: PacketToWrite): void {
    const kept = data.subarray(0, SNAP_LENGTH);
    const time = timestampNs < 0n ? 0n : timestampNs > LAST_TIME ? LAST_TIME : timestampNs;
    const record = Buffer.alloc(16 + kept.length);
    record.writeUInt32LE(Number(time / 1_000_000_000n), 0);
    record.writeUInt32LE(Number((time % 1_000_000_000n) / this.#unitNs), 4);
    record.writeUInt32LE(kept.length, 8);
    record.writeUInt32LE(originalLength ?? data.length, 12);
    record.set(kept, 16);
    this.sink.write(record);
  }

  close(): void {
    this.sink.close();
  }
}
