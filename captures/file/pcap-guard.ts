import type { CapturedPacket } from '../packet';
import type { WarningLog } from '../warnings';
import { FILE_HEADER, MAX_PACKET, type PcapHeader, RECORD_HEADER } from './pcap-header';
import type { RecordReader } from './pcap-records';

/**
 * Stands in front of pcap-parser and hands it whole, checked records only, so that none of its defects can show: it
 * sees a microsecond file of version 2.4, no length that a file could not hold, no cut record (which it
 * would swallow without a word), no partial one (which it would join in quadratic time), and no error, after which it would leak the
 * file.
 */
export class PcapGuard {
  readonly #swaps: boolean;
  readonly #u32: (bytes: Buffer, at: number) => number;
  #carry: Buffer = Buffer.alloc(0);
  /** File offset of the first byte of `#carry`. */
  #offset = FILE_HEADER;
  #stopped = false;

  constructor(
    private readonly header: PcapHeader,
    private readonly records: RecordReader,
    private readonly warnings: WarningLog,
  ) {
    this.#swaps = header.lengthsSwapped !== 'no';
    this.#u32 = header.bigEndian ? (b, at) => b.readUInt32BE(at) : (b, at) => b.readUInt32LE(at);
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
    const packets = end > 0 ? this.records.read(bytes.subarray(0, end)) : [];
    this.#offset += end;
    // A copy: a view would keep the whole block alive.
    this.#carry = Buffer.from(bytes.subarray(end));
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
