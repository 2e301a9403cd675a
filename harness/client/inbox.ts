import { Framer } from '../../protocol/framer';

/** Bytes that may lie unread before the host is made to wait: a host that sends without end does not fill the memory. */
const MAX_UNREAD = 1 << 20;
const NOTHING = new Uint8Array(0);
const newFramer = (): Framer => new Framer(undefined, true);

/** Bytes that came and were not asked for yet. They are cut into PDUs only when one is asked for, so that raw bytes can be had too. */
export class Inbox {
  #framer = newFramer();
  #chunks: Uint8Array[] = [];
  #pdus: Uint8Array[] = [];
  #size = 0;

  /** Bytes held. */
  get size(): number {
    return this.#size;
  }

  /** True where the host is to wait until more is read. */
  get full(): boolean {
    return this.#size > MAX_UNREAD;
  }

  /** True where a host that had to wait can go on: half is read. */
  get roomy(): boolean {
    return this.#size <= MAX_UNREAD / 2;
  }

  /** True where the stream stands within a PDU. */
  get partial(): boolean {
    return this.#framer.pending > 0 || this.#chunks.length > 0;
  }

  /** @param chunk kept, not copied */
  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
  }

  /**
   * The next whole PDU, once its bytes are there.
   * @throws ProtocolError where the stream has no next PDU
   */
  nextPdu(): Uint8Array | undefined {
    if (this.#chunks.length === 1 && this.#pdus.length === 0 && this.#framer.takeWhole(this.#chunks[0]!)) {
      this.#size = 0;
      return this.#chunks.pop();
    }
    while (this.#pdus.length === 0 && this.#chunks.length > 0) {
      this.#pdus = this.#framer.push(this.#chunks.shift()!);
    }
    // What stands behind the last PDU may be none: the framer tells so when it is asked again.
    if (this.#pdus.length === 0 && this.#framer.pending > 0) this.#framer.push(NOTHING);
    const pdu = this.#pdus.shift();
    if (pdu !== undefined) this.#size -= pdu.length;
    return pdu;
  }

  /** All bytes that are there, as they came; PDUs that were not taken are among them. */
  takeRaw(): Uint8Array | undefined {
    if (this.#size === 0) return undefined;
    const bytes = Buffer.concat([...this.#pdus, this.#framer.remainder(), ...this.#chunks]);
    this.clear();
    return bytes;
  }

  clear(): void {
    this.#framer = newFramer();
    this.#chunks = [];
    this.#pdus = [];
    this.#size = 0;
  }
}
