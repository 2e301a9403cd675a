import { Readable } from 'node:stream';
import { type CapturedPacket, type CaptureWarning, openCapture } from '../index';
import { MemorySink } from '../write/byte-sink';
import { PcapngWriter } from '../write/pcapng-writer';
import { type Packets, START } from './packets';

/** Packets of no meaning, each of another length: for what is about files, not about what is in them. */
export const PACKETS: Packets = Array.from({ length: 5 }, (_, i) => ({
  timestampNs: START + BigInt(i) * 1_000_001_000n,
  data: Buffer.alloc(60 + i, i + 1),
}));

export function toPcapng(packets: Packets): Buffer {
  const sink = new MemorySink();
  const writer = new PcapngWriter(sink);
  for (const packet of packets) writer.packet(packet);
  return sink.bytes;
}

export interface ReadPackets {
  readonly packets: CapturedPacket[];
  readonly warnings: readonly CaptureWarning[];
}

/** Reads a capture that comes in chunks, or from a stream. */
export async function packetsOf(
  chunks: Iterable<Uint8Array> | Readable,
  direct = false,
): Promise<ReadPackets> {
  const source = chunks instanceof Readable ? chunks : Readable.from(chunks);
  const capture = await openCapture(source, { name: 'test.pcap', direct });
  const packets: CapturedPacket[] = [];
  for await (const packet of capture) packets.push(packet);
  return { packets, warnings: capture.warnings };
}
