import { Defragmenter, type PduOf, type WholeCall } from '../../protocol';
import type { PacketMark } from '../packet';

/** One PDU as it was on the wire. */
export interface RecordedPdu {
  readonly bytes: Buffer;
  /** Of its first byte in its direction of the connection. */
  readonly position: number;
}

/** A call, or the answer to one, whose fragments have all come. */
export interface AssembledCall<K extends 'request' | 'response'> {
  readonly call: WholeCall<K>;
  readonly pdus: readonly RecordedPdu[];
  /** Of the packet that completed it. */
  readonly mark: PacketMark;
}

/** Joins fragments, and keeps the PDUs that they came in. */
export class CallAssembler<K extends 'request' | 'response'> {
  readonly #defragmenter = new Defragmenter<K>();
  #pdus: RecordedPdu[] = [];

  /** @throws ProtocolError for a fragment out of its order; what was held is dropped then */
  push(pdu: PduOf<K>, recorded: RecordedPdu, mark: PacketMark): AssembledCall<K> | null {
    try {
      const call = this.#defragmenter.push(pdu);
      this.#pdus.push(recorded);
      if (call === null) return null;
      const pdus = this.#pdus;
      this.#pdus = [];
      return { call, pdus, mark };
    } catch (error) {
      this.#pdus = [];
      throw error;
    }
  }

  /** Bytes are missing: a call that was begun cannot be whole. */
  reset(): void {
    this.#defragmenter.reset();
    this.#pdus = [];
  }
}
