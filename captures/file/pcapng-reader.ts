import { CaptureError } from '../capture-error';
import type { CapturedPacket } from '../packet';
import type { WarningLog } from '../warnings';
import {
  BIG_SECTION,
  BLOCK,
  BYTE_ORDER_MAGIC,
  LITTLE_SECTION,
  MAX_BLOCK,
  type SectionReader,
} from './pcapng-blocks';
import { PcapngSection } from './pcapng-section';

/** What is copied at a time: below what allocators fetch from the system, page by page, each time (128 KiB). */
const PORTION = 64 * 1024;
/** Smallest block: type, length, length again. A section's first 12 bytes tell its byte order. */
const MIN_BLOCK = 12;

export function isPcapngMagic(start: Buffer): boolean {
  return start.length >= 4 && start.readUInt32LE(0) === BLOCK.section;
}

/**
 * Reads pcapng: batches of packets, a batch for each block of the file.
 * @throws CaptureError `truncated-header`, `not-a-capture`
 */
export async function* readPcapng(
  chunks: AsyncIterable<Buffer>,
  file: string,
  warnings: WarningLog,
): AsyncGenerator<CapturedPacket[], void, undefined> {
  const cutter = new BlockCutter(file, warnings);
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length && !cutter.stopped; at += PORTION) {
      const packets = cutter.push(chunk.subarray(at, at + PORTION));
      if (packets.length > 0) yield packets;
    }
    if (cutter.stopped) return;
  }
  cutter.finish();
}

/** Cuts a byte stream into blocks. */
class BlockCutter {
  #reader: SectionReader = LITTLE_SECTION;
  #section: PcapngSection | null = null;
  /** Bytes of an unfinished block, in pieces: joining them at each chunk would cost quadratic time. */
  #pieces: Buffer[] = [];
  #held = 0;
  #wanted = MIN_BLOCK;
  #offset = 0;
  stopped = false;

  constructor(
    private readonly file: string,
    private readonly warnings: WarningLog,
  ) {}

  push(chunk: Buffer): CapturedPacket[] {
    // A copy: packets are views of it, and the chunk's memory is used again.
    this.#pieces.push(Buffer.from(chunk));
    this.#held += chunk.length;
    if (this.#held < this.#wanted) return [];
    const bytes = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces, this.#held);
    const packets: CapturedPacket[] = [];
    const end = this.#blocks(bytes, packets);
    this.#offset += end;
    this.#pieces = end < bytes.length ? [Buffer.from(bytes.subarray(end))] : [];
    this.#held = bytes.length - end;
    return packets;
  }

  finish(): void {
    if (this.stopped || this.#held === 0) return;
    if (this.#section === null) {
      const problem = 'the file ends within its first section header; record it anew';
      throw new CaptureError({ code: 'truncated-header', file: this.file, offset: this.#held, problem });
    }
    this.warnings.add(this.#offset, `the file ends within a block, ${this.#held} bytes after its start`);
  }

  /** Reads whole blocks and returns how many bytes they fill. */
  #blocks(bytes: Buffer, packets: CapturedPacket[]): number {
    let at = 0;
    this.#wanted = MIN_BLOCK;
    while (at + MIN_BLOCK <= bytes.length) {
      const isSection = bytes.readUInt32LE(at) === BLOCK.section;
      if (isSection && !this.#chooseByteOrder(bytes, at)) break;
      const type = this.#reader.u32(bytes, at);
      const length = this.#reader.u32(bytes, at + 4);
      if (length < MIN_BLOCK || length > MAX_BLOCK || (isSection && length < 28)) {
        this.#stop(at, `a block claims ${length} bytes`);
        break;
      }
      const padded = (length + 3) & ~3;
      if (at + padded > bytes.length) {
        this.#wanted = padded;
        break;
      }
      const end = this.#blockEnd(bytes, at, length);
      if (end < 0) {
        this.#stop(at, 'the two lengths of a block differ');
        break;
      }
      if (isSection) this.#section = new PcapngSection(this.#reader, this.warnings);
      const packet = this.#section?.read(type, bytes.subarray(at, end), this.#offset + at);
      if (packet) packets.push(packet);
      at += padded;
    }
    return at;
  }

  /**
   * Where the block at `at` ends, behind its repeated length; -1 where that is not what it should be. Some writers give the length
   * without the padding: the repeated length stands behind the padding then, or before it.
   */
  #blockEnd(bytes: Buffer, at: number, length: number): number {
    const padded = (length + 3) & ~3;
    const repeatedBefore = (end: number): number => this.#reader.u32(bytes, end - 4);
    if (repeatedBefore(at + length) === length && length % 4 === 0) return at + length;
    if (length % 4 === 0) return -1;
    const told =
      'the length of a block is no multiple of 4, as it has to be: it is read as if it were rounded up';
    const behind = repeatedBefore(at + padded);
    const end = behind === length || behind === padded ? at + padded : at + length;
    if (end === at + length && repeatedBefore(end) !== length) return -1;
    this.warnings.addOnce('unpadded', this.#offset + at, told);
    return end;
  }

  #chooseByteOrder(bytes: Buffer, at: number): boolean {
    if (bytes.readUInt32LE(at + 8) === BYTE_ORDER_MAGIC) this.#reader = LITTLE_SECTION;
    else if (bytes.readUInt32BE(at + 8) === BYTE_ORDER_MAGIC) this.#reader = BIG_SECTION;
    else {
      this.#stop(at, 'a section header has no byte-order magic');
      return false;
    }
    return true;
  }

  #stop(at: number, what: string): void {
    const offset = this.#offset + at;
    if (this.#section === null) {
      const problem = `${what}: this is no pcapng file; check that the right file is named`;
      throw new CaptureError({ code: 'not-a-capture', file: this.file, offset, problem });
    }
    this.stopped = true;
    this.warnings.add(offset, `${what}: the file is damaged here and was read up to here`);
  }
}
