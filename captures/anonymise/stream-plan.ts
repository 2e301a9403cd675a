import type { RecordedPdu } from '../rpc/call-assembler';

/** What plans hold that was not written yet. */
export interface HeldBytes {
  bytes: number;
}

/** What a PDU takes beside its octets. */
const COST = 256;
/** A retransmission of what was written is written with it for so many octets; of what is older with zeros. */
const KEPT_BEHIND = 4096;
/** So many that are not needed any more are let go at once. */
const LET_GO = 64;

/** What is to stand in one direction of a connection: rewritten PDUs by position, zeros between them. */
export class StreamPlan {
  /** In the order of the stream. */
  readonly #pdus: RecordedPdu[] = [];
  /** How many of them are written. */
  #written = 0;

  constructor(private readonly held: HeldBytes) {}

  add(position: number, bytes: Buffer): void {
    this.#pdus.push({ position, bytes });
    this.held.bytes += COST + bytes.length;
  }

  pduAt(position: number): Buffer | undefined {
    const pdu = this.#pdus[this.#firstEndingAfter(position)];
    return pdu?.position === position ? pdu.bytes : undefined;
  }

  /** Fills `target` with what stands from `position` on. */
  fill(target: Buffer, position: number): void {
    target.fill(0);
    const end = position + target.length;
    for (let i = this.#firstEndingAfter(position); i < this.#pdus.length; i++) {
      const pdu = this.#pdus[i]!;
      if (pdu.position >= end) break;
      const from = Math.max(position, pdu.position);
      pdu.bytes.copy(
        target,
        from - position,
        from - pdu.position,
        Math.min(end - pdu.position, pdu.bytes.length),
      );
    }
    this.#wrote(end);
  }

  release(): void {
    this.#wrote(Infinity);
    this.#pdus.length = this.#written = 0;
  }

  /** Everything before this position is written. */
  #wrote(end: number): void {
    for (; this.#written < this.#pdus.length; this.#written++) {
      const { position, bytes } = this.#pdus[this.#written]!;
      if (position + bytes.length > end) break;
      this.held.bytes -= COST + bytes.length;
    }
    const old = Math.min(this.#written, this.#firstEndingAfter(end - KEPT_BEHIND));
    if (old < LET_GO) return;
    this.#pdus.splice(0, old);
    this.#written -= old;
  }

  #firstEndingAfter(position: number): number {
    let low = 0;
    let high = this.#pdus.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const { position: start, bytes } = this.#pdus[middle]!;
      if (start + bytes.length <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
