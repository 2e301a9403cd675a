import { EventEmitter } from 'node:events';
import { parse, type PacketHeader } from 'pcap-parser';
import { CapturedPacket } from '../packet';
import type { WarningLog } from '../warnings';
import { FILE_HEADER, MAX_PACKET, type PcapHeader, pcapClock, RECORD_HEADER } from './pcap-header';

/**
 * Stands in front of pcap-parser and hands it whole, checked records only, so that none of its defects can show: it
 * sees a microsecond file of version 2.4, no length that a file could not hold, no cut record (which it
 * would swallow without a word), no partial one (which it would join in quadratic time), and no error, after which it would leak the
 * file. It is fed by calls, not by a stream: back-pressure is not calling.
 */
export class PcapGuard {
  readonly #feed = new EventEmitter() as EventEmitter & { pause(): void; resume(): void };
  readonly #swaps: boolean;
  readonly #u32: (bytes: Buffer, at: number) => number;
  #carry: Buffer = Buffer.alloc(0);
  /** File offset of the first byte of `#carry`. */
  #offset = FILE_HEADER;
  #packetOffset = FILE_HEADER;
  #packets: CapturedPacket[] = [];
  #stopped = false;

  constructor(
    private readonly header: PcapHeader,
    private readonly warnings: WarningLog,
  ) {
    this.#swaps = header.lengthsSwapped !== 'no';
    this.#u32 = header.bigEndian ? (b, at) => b.readUInt32BE(at) : (b, at) => b.readUInt32LE(at);
    this.#feed.pause = this.#feed.resume = () => undefined;
    this.#startParser();
  }

  /** A damaged record came: nothing behind it can be read. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Takes the next bytes of the file and returns the packets that they complete. */
  push(chunk: Buffer): CapturedPacket[] {
    if (this.#stopped) return [];
    // Old files' lengths are put right in place, in a copy: the chunk is the caller's.
    const bytes = this.#carry.length === 0 && !this.#swaps ? chunk : Buffer.concat([this.#carry, chunk]);
    const end = this.#wholeRecords(bytes);
    if (end > 0) this.#feed.emit('data', bytes.subarray(0, end));
    this.#offset += end;
    // A copy: a view would keep the whole block alive.
    this.#carry = Buffer.from(bytes.subarray(end));
    const packets = this.#packets;
    this.#packets = [];
    return packets;
  }

  /** The file has ended. */
  finish(): void {
    if (this.#stopped || this.#carry.length === 0) return;
    this.warnings.add(
      this.#offset,
      `the file ends within a packet record, ${this.#carry.length} bytes after its start`,
    );
  }

  #startParser(): void {
    const parser = parse(this.#feed);
    const clock = pcapClock(this.header.nanoseconds);
    const { linkType } = this.header;
    parser.on('packet', (packet: { header: PacketHeader; data: Buffer }) => {
      const { timestampSeconds, timestampMicroseconds, originalLength } = packet.header;
      this.#packets.push(
        new CapturedPacket(
          clock,
          timestampSeconds,
          timestampMicroseconds,
          linkType,
          packet.data,
          originalLength,
          this.#packetOffset,
        ),
      );
      this.#packetOffset += RECORD_HEADER + packet.data.length;
    });
    const magic = Buffer.alloc(FILE_HEADER);
    if (this.header.bigEndian) {
      magic.writeUInt32BE(0xa1b2c3d4, 0);
      magic.writeUInt16BE(2, 4);
      magic.writeUInt16BE(4, 6);
    } else {
      magic.writeUInt32LE(0xa1b2c3d4, 0);
      magic.writeUInt16LE(2, 4);
      magic.writeUInt16LE(4, 6);
    }
    this.#feed.emit('data', magic);
  }

  /** Bytes of the whole records that `bytes` starts with. */
  #wholeRecords(bytes: Buffer): number {
    let at = 0;
    while (!this.#stopped && at + RECORD_HEADER <= bytes.length) {
      const swapped = this.#swaps && this.#lengthsSwapped(bytes, at);
      const captured = this.#u32(bytes, at + (swapped ? 12 : 8));
      if (captured > MAX_PACKET) {
        this.#stop(this.#offset + at, captured);
        break;
      }
      const next = at + RECORD_HEADER + captured;
      if (next > bytes.length) break;
      if (swapped) swapWords(bytes, at + 8, at + 12);
      at = next;
    }
    return at;
  }

  #stop(offset: number, captured: number): void {
    this.#stopped = true;
    this.warnings.add(
      offset,
      `the packet record claims ${captured} bytes, at most ${MAX_PACKET} are possible: the file is damaged here and was read up to here`,
    );
  }

  #lengthsSwapped(bytes: Buffer, at: number): boolean {
    return this.header.lengthsSwapped === 'yes' || this.#u32(bytes, at + 8) > this.#u32(bytes, at + 12);
  }
}

function swapWords(bytes: Buffer, a: number, b: number): void {
  const word = bytes.readUInt32LE(a);
  bytes.copyWithin(a, b, b + 4);
  bytes.writeUInt32LE(word, b);
}
