import { CHUNK } from './evtx-format';

/** Binary XML that cannot be read: what, and where in its chunk. Never leaves the reader. */
export class BinaryXmlError extends Error {
  constructor(
    readonly problem: string,
    readonly offset: number,
  ) {
    super(`${problem} at offset ${offset} of the chunk`);
    this.name = 'BinaryXmlError';
  }
}

/** The bytes of a chunk, each read of which stays within it. */
export class ChunkBytes {
  /** By offset: each record of a chunk has the same two dozen. */
  readonly #names = new Map<number, string>();

  constructor(readonly bytes: Buffer) {}

  /** @throws BinaryXmlError */
  check(at: number, size: number): void {
    if (at + size > this.bytes.length) throw new BinaryXmlError('something beyond the end of its chunk', at);
  }

  u8(at: number): number {
    this.check(at, 1);
    return this.bytes[at]!;
  }

  u16(at: number): number {
    this.check(at, 2);
    return this.bytes.readUInt16LE(at);
  }

  u32(at: number): number {
    this.check(at, 4);
    return this.bytes.readUInt32LE(at);
  }

  text(start: number, end: number): string {
    this.check(start, end - start);
    return this.bytes.toString('utf16le', start, end);
  }

  /** A name by its offset, which may be right here: then what follows it comes behind the name. */
  name(at: number): { name: string; next: number } {
    const offset = this.u32(at);
    const end = offset + 8 + this.u16(offset + 6) * 2;
    let name = this.#names.get(offset);
    if (name === undefined) {
      name = this.text(offset + 8, end);
      this.#names.set(offset, name);
    }
    return { name, next: offset === at + 4 ? end + 2 : at + 4 };
  }

  /** Whether a name's offset stands here, and a name there. */
  isName(at: number): boolean {
    if (at + 4 > this.bytes.length) return false;
    const offset = this.bytes.readUInt32LE(at);
    if (offset < CHUNK.records || offset > at + 4 || offset + 10 > this.bytes.length) return false;
    const end = offset + 8 + this.bytes.readUInt16LE(offset + 6) * 2;
    return end > offset + 8 && end + 2 <= this.bytes.length && this.bytes.readUInt16LE(end) === 0;
  }
}
