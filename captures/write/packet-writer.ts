/** A packet to be written. */
export interface PacketToWrite {
  readonly timestampNs: bigint;
  readonly data: Uint8Array;
  /** Bytes on the wire; by default all of `data`. */
  readonly originalLength?: number;
  /** What `addInterface` returned; by default the first. */
  readonly interfaceId?: number;
}

/** Writes a capture packet by packet; each is in the sink when `packet` returns. */
export interface PacketWriter {
  packet(packet: PacketToWrite): void;
  close(): void;
}
