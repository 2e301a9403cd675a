import { insertNew, type Range } from '../net/pieces';
import { markOf, type PacketMark } from '../packet';
import { History } from './history';

/** What may wait for a missing segment, in bytes and in pieces, before the gap is taken for final. */
const MAX_PENDING_BYTES = 1 << 20;
const MAX_PENDING_PIECES = 1024;
/** Packets of the connection that may pass after the peer acknowledged bytes that were not captured, in case they come late. */
const PATIENCE = 8;

/** 0: from the end that was seen sending first, or sent the SYN, to the other; 1: back. */
export type Direction = 0 | 1;

/** Told what the two directions of a connection carry, each in the order of its stream. */
export interface StreamSink {
  /** The next bytes; a view that is valid during the call only. */
  data(direction: Direction, bytes: Buffer, mark: PacketMark): void;
  /**
   * The next `length` bytes are not in the capture.
   * @param cut by a snap length, not lost
   */
  gap(direction: Direction, length: number, mark: PacketMark, cut: boolean): void;
  /** A retransmission differs from the first copy, which stands. */
  conflict(direction: Direction, offset: number, mark: PacketMark): void;
}

interface Pending extends Range {
  /** Null where a snap length cut the bytes off. */
  readonly bytes: Buffer | null;
  readonly mark: PacketMark;
}

/**
 * One direction of a TCP connection: puts segments in order. Positions in the stream are numbers that count from the first
 * byte; sequence numbers are compared modulo 2^32 (RFC 9293, 3.4).
 */
export class HalfStream {
  /** Whether a first sequence number is known. */
  known = false;
  /** The sequence number of the next byte to be delivered, and its position. */
  #next = 0;
  #position = 0;
  #pending: Pending[] = [];
  #pendingBytes = 0;
  #patience = PATIENCE;
  /** Position behind the last byte, once the FIN was seen. */
  #end = -1;
  /** The highest position that the peer acknowledged. */
  #acknowledged = 0;
  #history: History | null = null;

  constructor(
    private readonly sink: StreamSink,
    private readonly direction: Direction,
  ) {}

  start(sequence: number): void {
    this.known = true;
    this.#next = sequence >>> 0;
  }

  /** The FIN was seen and every byte before it was delivered. */
  get complete(): boolean {
    return this.#end >= 0 && this.#position >= this.#end;
  }

  get hasPending(): boolean {
    return this.#pending.length > 0;
  }

  /** Position of a sequence number; negative before the start. */
  positionOf(sequence: number): number {
    return this.#position + ((sequence - this.#next) | 0);
  }

  /**
   * Takes a segment.
   * @param length bytes on the wire, of which `bytes` may be fewer
   */
  take(sequence: number, bytes: Buffer, length: number, mark: PacketMark): void {
    const delta = (sequence - this.#next) | 0;
    if (delta === 0 && this.#pending.length === 0) {
      this.#deliver(bytes, mark);
      if (length > bytes.length) this.#deliverGap(length - bytes.length, mark, true);
      return;
    }
    // A keep-alive repeats the last octet, or sends any in its place (RFC 9293, 3.8.4).
    if (delta === -1 && length === 1) return;
    this.#takeOutOfOrder(this.#position + delta, bytes, length, mark);
  }

  /** The direction ends at this sequence number. */
  finish(sequence: number): void {
    if (this.#end < 0) this.#end = this.positionOf(sequence);
  }

  /** The peer acknowledged everything before this sequence number. */
  acknowledge(sequence: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, this.positionOf(sequence));
  }

  /** To be called for every packet of the connection: decides when to stop waiting for a missing segment. */
  wait(mark: PacketMark): void {
    const first = this.#pending[0];
    if (first === undefined) return;
    const tooMuch = this.#pendingBytes > MAX_PENDING_BYTES || this.#pending.length > MAX_PENDING_PIECES;
    if (!tooMuch && (this.#acknowledged < first.start || this.#patience-- > 0)) return;
    this.#giveUpGap(mark);
  }

  /** Nothing more will come: delivers what waits, and tells what is missing. */
  flush(mark: PacketMark): void {
    while (this.#pending.length > 0) this.#giveUpGap(mark);
    // The FIN counts as one in acknowledgements; a FIN that was not captured must not look like a missing byte.
    const until = this.#end >= 0 ? this.#end : this.#acknowledged - 1;
    if (this.known && until > this.#position) this.#deliverGap(until - this.#position, mark, false);
  }

  /** Nobody reads on: lets go of what is held, but for the position. */
  release(): void {
    this.#history = null;
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  #deliver(bytes: Buffer, mark: PacketMark): void {
    if (bytes.length === 0) return;
    this.#history ??= new History();
    this.#history.add(this.#position, bytes);
    this.#advance(bytes.length);
    this.sink.data(this.direction, bytes, mark);
  }

  #deliverGap(length: number, mark: PacketMark, cut: boolean): void {
    this.#advance(length);
    this.sink.gap(this.direction, length, mark, cut);
  }

  #advance(length: number): void {
    this.#position += length;
    this.#next = (this.#next + length) >>> 0;
  }

  #takeOutOfOrder(start: number, bytes: Buffer, length: number, mark: PacketMark): void {
    const old = Math.max(0, Math.min(length, this.#position - start));
    const known = bytes.subarray(0, Math.min(old, bytes.length));
    if (known.length > 0 && this.#history?.differs(start, known) === true)
      this.sink.conflict(this.direction, start, mark);
    if (old >= length) return;
    const kept = markOf(mark);
    const conflict = (piece: Pending, from: number, to: number): void => {
      const first = piece.bytes?.subarray(from - piece.start, to - piece.start);
      const second = bytes.subarray(from - start, to - start);
      if (first?.length === second.length && Buffer.compare(first, second) !== 0)
        this.sink.conflict(this.direction, from, kept);
    };
    const piece = (from: number, to: number, lost: boolean): Pending => {
      if (!lost) this.#pendingBytes += to - from;
      // A copy: a view would keep the whole block of the file alive.
      return {
        start: from,
        end: to,
        bytes: lost ? null : Buffer.from(bytes.subarray(from - start, to - start)),
        mark: kept,
      };
    };
    const captured = start + bytes.length;
    insertNew(this.#pending, start + old, captured, (from, to) => piece(from, to, false), conflict);
    insertNew(this.#pending, Math.max(start + old, captured), start + length, (from, to) =>
      piece(from, to, true),
    );
    this.#deliverPending();
  }

  #deliverPending(): void {
    let taken = 0;
    for (const { start, end, bytes, mark } of this.#pending) {
      if (start !== this.#position) break;
      taken++;
      if (bytes === null) {
        this.#deliverGap(end - start, mark, true);
      } else {
        this.#pendingBytes -= bytes.length;
        this.#deliver(bytes, mark);
      }
    }
    if (taken === 0) return;
    // One alone, as a rule, of as many as may wait: the others need not be moved for it.
    if (taken === 1) this.#pending.shift();
    else this.#pending.splice(0, taken);
    this.#patience = PATIENCE;
  }

  #giveUpGap(mark: PacketMark): void {
    const first = this.#pending[0]!;
    this.#deliverGap(first.start - this.#position, mark, false);
    this.#deliverPending();
  }
}
