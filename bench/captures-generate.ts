import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { openCapture } from '../captures';
import { setIpv4Checksum, setTcpChecksum } from '../captures/net/checksum';
import { PcapWriter } from '../captures/write/pcap-writer';
import { tcpFrame } from '../captures/write/frame';
import { TCP } from '../captures/net/segment';

const RECORDED = path.join(__dirname, '..', 'captures', 'corpus', 'v4-threshold-clients.pcap');
const TICK = 20_000n;
const OPEN_CONNECTIONS = 200;

export interface GeneratedCapture {
  readonly bytes: number;
  readonly packets: number;
  readonly exchanges: number;
}

/** Collects packets into large writes: one call each would take longer than reading them. */
class BlockSink {
  #pieces: Uint8Array[] = [];
  #held = 0;
  written = 0;

  constructor(private readonly descriptor: number) {}

  write(bytes: Uint8Array): void {
    this.#pieces.push(bytes);
    this.#held += bytes.length;
    this.written += bytes.length;
    if (this.#held > 1 << 20) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.descriptor);
  }

  #flush(): void {
    const block = Buffer.concat(this.#pieces);
    for (let at = 0; at < block.length; ) at += writeSync(this.descriptor, block, at);
    this.#pieces = [];
    this.#held = 0;
  }
}

/**
 * Writes a classic pcap of about `size` bytes of which one packet in ten is KMS: each round is a recorded connection, from an address
 * of its own, spread among nine times as many packets of other connections.
 */
export async function generateCapture(file: string, size: number): Promise<GeneratedCapture> {
  const kms = await recordedConnections();
  const sink = new BlockSink(openSync(file, 'w'));
  const writer = new PcapWriter(sink, { nanoseconds: false });
  const other = new OtherTraffic();
  let timestampNs = 1_795_245_400_000_000_000n;
  let packets = 0;
  let exchanges = 0;
  const write = (data: Uint8Array): void => {
    packets++;
    writer.packet({ timestampNs: (timestampNs += TICK), data });
  };
  while (sink.written < size) {
    for (const frame of kms[exchanges % kms.length]!) {
      write(withAddress(frame, exchanges));
      for (let i = 0; i < 9; i++) write(other.next());
    }
    exchanges++;
  }
  writer.close();
  return { bytes: sink.written, packets, exchanges };
}

/** The frames of each recorded connection. */
async function recordedConnections(): Promise<Buffer[][]> {
  const byPort = new Map<number, Buffer[]>();
  for await (const { data } of await openCapture(RECORDED)) {
    const [source, destination] = [data.readUInt16BE(34), data.readUInt16BE(36)];
    const port = source === 1688 ? destination : source;
    byPort.set(port, [...(byPort.get(port) ?? []), Buffer.from(data)]);
  }
  return [...byPort.values()];
}

/** A frame of the recorded loopback connection, its client at 10.x.y.z and its host at 10.255.0.1. */
function withAddress(frame: Buffer, client: number): Buffer {
  const copy = Buffer.from(frame);
  const isClient = copy.readUInt16BE(36) === 1688;
  copy.writeUInt32BE(0x0a000001 + (client % 0xfe0000), isClient ? 26 : 30);
  copy.writeUInt32BE(0x0aff0001, isClient ? 30 : 26);
  setIpv4Checksum(copy, 14);
  setTcpChecksum(copy, 34, copy.length, copy.subarray(26, 34));
  return copy;
}

/** Web-like connections: most segments small or full, a few new connections now and then. */
class OtherTraffic {
  readonly #frames: Buffer[] = [];
  #next = 0;

  constructor() {
    const payload = Buffer.from(
      'HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n'.padEnd(1460, 'x'),
    );
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < OPEN_CONNECTIONS; i++) {
        const from = { address: Buffer.of(192, 168, 1 + (i >> 6), i), port: 40_000 + i };
        const to = { address: Buffer.of(198, 51, 100, i), port: 443 };
        const ends = round % 2 === 0 ? { from, to } : { from: to, to: from };
        const length = [0, 0, 48, 210, 600][(round + i) % 5]!;
        const numbers = { sequence: 1000 + round * 700, acknowledgement: 5000 + round * 700 };
        const flags = round === 0 ? TCP.syn : TCP.ack;
        this.#frames.push(
          tcpFrame({ ...ends, ...numbers, flags, payload: payload.subarray(0, round === 0 ? 0 : length) }),
        );
      }
    }
  }

  next(): Buffer {
    return this.#frames[this.#next++ % this.#frames.length]!;
  }
}
