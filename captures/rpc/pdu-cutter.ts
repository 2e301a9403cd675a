import { fragLengthAt, HEADER_SIZE } from '../../protocol';
import { markOf, type PacketMark } from '../packet';
import { isCertainHeaderAt, isHeaderAt } from './pdu-header';

/** Told what a stream of PDUs holds. */
export interface PduSink {
  /** Whether a PDU of this type is to be handed out; others are passed over unread. */
  wants(ptype: number): boolean;
  /**
   * One whole PDU, a copy.
   * @param position of its first byte in the stream
   * @param mark of the packet that completed it
   */
  pdu(bytes: Buffer, position: number, mark: PacketMark): void;
  /** No header stands where one should; the next certain one will be searched for. */
  lost(position: number, mark: PacketMark): void;
}

const NOTHING = Buffer.alloc(0);

/**
 * Cuts a recorded stream into PDUs. Unlike `Framer`, which rightly refuses a stream at its first wrong byte, it goes on behind
 * gaps and garbage, passes over what nobody wants, and remembers which packet completed a PDU.
 */
export class PduCutter {
  /** Position of the next byte to be pushed. */
  #position = 0;
  /** Bytes of a PDU that is not whole yet; `#held` of them are filled. */
  #partial: Buffer = NOTHING;
  #held = 0;
  /** Length of that PDU, 0 while its header is not whole. */
  #length = 0;
  #mark: PacketMark | null = null;
  #skip = 0;
  #searching = false;

  constructor(private readonly sink: PduSink) {}

  /** Takes the next bytes, which are copied where they are to be kept. */
  push(bytes: Buffer, mark: PacketMark): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, bytes.length - at);
        this.#skip -= skipped;
        at += skipped;
      } else if (this.#searching) {
        at = this.#search(bytes, at, mark);
      } else if (this.#held > 0) {
        at = this.#fill(bytes, at, mark);
      } else {
        at = this.#begin(bytes, at, mark);
      }
    }
    this.#position += bytes.length;
  }

  /** The next `length` bytes are missing. */
  gap(length: number): void {
    this.#position += length;
    const known = this.#length > 0 ? this.#length - this.#held : this.#skip;
    this.#drop();
    if (known >= length && known > 0) {
      this.#skip = known - length;
      return;
    }
    this.#skip = 0;
    this.#searching = true;
  }

  /** Looks for the next PDU from here on: for a stream that is not known to start with one. */
  search(): void {
    this.#searching = true;
  }

  /** At the start of a PDU: takes it whole if it is there, else what there is of it. */
  #begin(bytes: Buffer, at: number, mark: PacketMark): number {
    const left = bytes.length - at;
    if (bytes[at] === 5 && left < HEADER_SIZE) return this.#hold(bytes, at, left, mark);
    if (left < HEADER_SIZE || !isHeaderAt(bytes, at)) return this.#lose(this.#position + at, at, mark);
    const length = fragLengthAt(bytes, at);
    if (!this.sink.wants(bytes[at + 2]!)) {
      this.#skip = length;
      return at;
    }
    if (left < length) {
      this.#length = length;
      return this.#hold(bytes, at, left, mark);
    }
    this.sink.pdu(Buffer.from(bytes.subarray(at, at + length)), this.#position + at, mark);
    return at + length;
  }

  #lose(position: number, at: number, mark: PacketMark): number {
    this.#drop();
    this.#searching = true;
    this.sink.lost(position, mark);
    return at;
  }

  /** Goes on with a PDU that began in an earlier packet. */
  #fill(bytes: Buffer, at: number, mark: PacketMark): number {
    const wanted = this.#length > 0 ? this.#length : HEADER_SIZE;
    const taken = Math.min(wanted - this.#held, bytes.length - at);
    this.#hold(bytes, at, taken, mark);
    const next = at + taken;
    if (this.#held < wanted) return next;
    const position = this.#position + next - this.#held;
    if (this.#length === 0) return this.#judgeHeader(position, next, mark);
    const pdu = Buffer.from(this.#partial.subarray(0, this.#length));
    const latest = this.#mark!;
    this.#drop();
    this.sink.pdu(pdu, position, latest);
    return next;
  }

  #judgeHeader(position: number, next: number, mark: PacketMark): number {
    if (!isHeaderAt(this.#partial, 0)) {
      // A header may begin within these octets: only the first is certainly none's.
      const rest = Buffer.from(this.#partial.subarray(1, HEADER_SIZE));
      this.#lose(position, next, mark);
      this.#hold(rest, 0, rest.length, mark);
      return next;
    }
    const length = fragLengthAt(this.#partial, 0);
    if (this.sink.wants(this.#partial[2]!) && length > HEADER_SIZE) {
      this.#length = length;
      return next;
    }
    const header = Buffer.from(this.#partial.subarray(0, HEADER_SIZE));
    const latest = this.#mark!;
    this.#drop();
    this.#skip = length - HEADER_SIZE;
    if (this.#skip === 0 && this.sink.wants(header[2]!)) this.sink.pdu(header, position, latest);
    return next;
  }

  #hold(bytes: Buffer, at: number, length: number, mark: PacketMark): number {
    if (this.#held + length > this.#partial.length) this.#grow(this.#held + length);
    bytes.copy(this.#partial, this.#held, at, at + length);
    this.#held += length;
    if (this.#mark === null || mark.fileOffset >= this.#mark.fileOffset) this.#mark = markOf(mark);
    return at + length;
  }

  /** Grows as bytes come, not as a header claims: a hostile one claims 64 KB a connection. */
  #grow(needed: number): void {
    const grown = Buffer.allocUnsafe(Math.max(needed, Math.min(2 * this.#partial.length, 0xffff)));
    this.#partial.copy(grown, 0, 0, this.#held);
    this.#partial = grown;
  }

  #drop(): void {
    this.#partial = NOTHING;
    this.#held = 0;
    this.#length = 0;
    this.#mark = null;
  }

  /** Looks for a certain header; 15 bytes are held back, for a header may be cut by a packet's end. */
  #search(bytes: Buffer, at: number, mark: PacketMark): number {
    const held = Buffer.from(this.#partial.subarray(0, this.#held));
    const joined = held.length === 0 ? bytes.subarray(at) : Buffer.concat([held, bytes.subarray(at)]);
    const from = this.#position + at - held.length;
    this.#drop();
    let i = joined.indexOf(5);
    while (i >= 0 && i + HEADER_SIZE <= joined.length && !isCertainHeaderAt(joined, i))
      i = joined.indexOf(5, i + 1);
    if (i < 0) return bytes.length;
    if (i + HEADER_SIZE > joined.length) {
      this.#hold(joined, i, joined.length - i, mark);
      return bytes.length;
    }
    this.#searching = false;
    const found = from + i - this.#position;
    if (found >= at) return found;
    // The header began in an earlier packet.
    this.#hold(held, i, held.length - i, mark);
    return at;
  }
}
