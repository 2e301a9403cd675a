import { crc32 } from 'node:zlib';
import type { LogReader, RecordSink } from '../log-record';
import type { Notices } from '../notices';
import { ChunkBytes } from './chunk-bytes';
import { CHUNK, FILE_HEADER, FILE_IS_DIRTY } from './evtx-format';
import { type ChunkRecord, recordsOfChunk } from './chunk-records';
import { evtxRecord } from './evtx-record';

export const isEvtx = (bytes: Buffer): boolean => bytes.subarray(0, 8).equals(FILE_HEADER.signature);

const BAD_CHECKSUM = 'a checksum that does not fit: what stands there may be damaged';

/**
 * Reads a binary log (.evtx), a chunk of 64 KB at a time. Numbers in the headers are checked, not relied on: files are copied from hosts that
 * run, cut and damaged, and each chunk stands on its own.
 */
export class EvtxReader implements LogReader<Uint8Array> {
  #held: Uint8Array[] = [];
  #size = 0;
  /** Bytes up to the next border: of the header, then of each chunk. */
  #wanted: number = FILE_HEADER.size;
  #chunk = -1;
  #isDirty = false;

  constructor(
    private readonly emit: RecordSink,
    private readonly notices: Notices,
  ) {}

  push(piece: Uint8Array): void {
    let rest = piece;
    while (this.#size + rest.length >= this.#wanted) {
      const taken = this.#wanted - this.#size;
      this.#hold(rest.subarray(0, taken));
      rest = rest.subarray(taken);
      this.#part(Buffer.concat(this.#held));
      this.#held = [];
      this.#size = 0;
      this.#wanted = CHUNK.size;
      this.#chunk++;
    }
    if (rest.length > 0) this.#hold(rest);
  }

  end(): void {
    if (this.#size === 0) return;
    this.notices.add('the file ends within a chunk', this.#place());
    if (this.#chunk >= 0) this.#readChunk(Buffer.concat(this.#held));
  }

  #hold(bytes: Uint8Array): void {
    this.#held.push(bytes);
    this.#size += bytes.length;
  }

  #part(bytes: Buffer): void {
    if (this.#chunk >= 0) return this.#readChunk(bytes);
    this.#isDirty = (bytes.readUInt32LE(FILE_HEADER.flags) & FILE_IS_DIRTY) !== 0;
    const isSound = crc32(bytes.subarray(0, FILE_HEADER.flags)) === bytes.readUInt32LE(FILE_HEADER.checksum);
    if (!isSound && !this.#isDirty) this.notices.add(BAD_CHECKSUM);
  }

  #readChunk(bytes: Buffer): void {
    if (bytes.every((byte) => byte === 0)) return;
    const isChunk = bytes.subarray(0, 8).equals(CHUNK.signature);
    if (!isChunk) this.notices.add('a chunk that does not begin as one', this.#place());
    else if (!this.#isDirty && !isSound(bytes)) this.notices.add(BAD_CHECKSUM, this.#place());
    const chunk = new ChunkBytes(bytes);
    for (const record of recordsOfChunk(bytes)) this.#record(chunk, record);
  }

  #record(chunk: ChunkBytes, record: ChunkRecord): void {
    if (record.isGap) this.notices.add('bytes between records that are none', this.#place());
    else this.emit(evtxRecord(chunk, record));
  }

  #place(): { unit: string; number: number } {
    return { unit: 'chunk', number: Math.max(0, this.#chunk) };
  }
}

/** A chunk's two checksums. One that Windows had not yet finished has zeros there. */
function isSound(chunk: Buffer): boolean {
  if (chunk.length < CHUNK.records) return false;
  const header = crc32(chunk.subarray(CHUNK.tables.start, CHUNK.tables.end), crc32(chunk.subarray(0, 120)));
  const free = chunk.readUInt32LE(CHUNK.freeSpace);
  if (header !== chunk.readUInt32LE(CHUNK.checksum) || free > chunk.length) return false;
  return crc32(chunk.subarray(CHUNK.records, free)) === chunk.readUInt32LE(CHUNK.recordsChecksum);
}
