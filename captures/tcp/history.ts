/** How much of what was delivered is kept for comparison with retransmissions, in bytes. */
const KEPT = 16 * 1024;
/** In so many pieces at most: segments of one octet would be kept as sixteen thousand. */
const MAX_PIECES = 1024;

/** The latest bytes of a stream, so that a retransmission that says something else is noticed. */
export class History {
  #pieces: { readonly start: number; readonly bytes: Buffer }[] = [];
  #size = 0;

  add(start: number, bytes: Uint8Array): void {
    this.#pieces.push({ start, bytes: Buffer.from(bytes) });
    this.#size += bytes.length;
    while ((this.#size > KEPT || this.#pieces.length > MAX_PIECES) && this.#pieces.length > 1)
      this.#size -= this.#pieces.shift()!.bytes.length;
  }

  /** Whether bytes at `start` contradict what is kept of that range. */
  differs(start: number, bytes: Uint8Array): boolean {
    const end = start + bytes.length;
    return this.#pieces.some((piece) => {
      const from = Math.max(start, piece.start);
      const to = Math.min(end, piece.start + piece.bytes.length);
      if (from >= to) return false;
      const kept = piece.bytes.subarray(from - piece.start, to - piece.start);
      return Buffer.compare(kept, bytes.subarray(from - start, to - start)) !== 0;
    });
  }
}
