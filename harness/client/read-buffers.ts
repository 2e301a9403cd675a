/** Bytes of a read; an answer is some 200. */
const READ_SIZE = 1 << 13;
/** Buffers that are kept for later connections. */
const MAX_KEPT = 256;

/** Buffers that sockets read into, used again by later connections: one for each would be the most that a short connection allocates. */
export class ReadBuffers {
  readonly #free: Buffer[] = [];

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(READ_SIZE);
  }

  /** @param buffer that nothing reads into any more */
  giveBack(buffer: Buffer): void {
    if (this.#free.length < MAX_KEPT) this.#free.push(buffer);
  }
}
