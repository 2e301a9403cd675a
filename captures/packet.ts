/** How a capture counts time: a pair of 32-bit numbers a packet. */
export interface PacketClock {
  /** Nanoseconds since 1970-01-01 UTC. */
  nanoseconds(high: number, low: number): bigint;
  /** The same in seconds, as exact as a double is: for time-outs, without a bigint. */
  seconds(high: number, low: number): number;
}

/** When and where a packet was captured. */
export interface PacketMark {
  readonly timestampNs: bigint;
  /** Of the packet's record, in bytes from the start of the file, or of its unpacked content. */
  readonly fileOffset: number;
}

/** One packet as it was captured. `data` shares memory with a larger block: copy what is to be kept. */
export class CapturedPacket implements PacketMark {
  constructor(
    private readonly clock: PacketClock,
    private readonly high: number,
    private readonly low: number,
    /** LINKTYPE_ number of the interface. */
    readonly linkType: number,
    /** The bytes that were captured. */
    readonly data: Buffer,
    /** Bytes that the packet had on the wire: more than `data` has where a snap length cut it. */
    readonly originalLength: number,
    readonly fileOffset: number,
  ) {}

  /** Computed when asked for: most packets are never asked. */
  get timestampNs(): bigint {
    return this.clock.nanoseconds(this.high, this.low);
  }

  /** Seconds since 1970-01-01 UTC, to about 200 ns. */
  get timestampSeconds(): number {
    return this.clock.seconds(this.high, this.low);
  }
}

/** A packet's mark without its bytes, for what outlives the packet. */
export function markOf(packet: PacketMark): PacketMark {
  return { timestampNs: packet.timestampNs, fileOffset: packet.fileOffset };
}
