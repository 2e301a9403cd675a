import { ProtocolError } from '../../protocol/errors';
import { Defragmenter } from '../../protocol/fragments';
import type { PduOf } from '../../protocol/pdu';
import { PFC, PFC_WHOLE } from '../../protocol/pdu-layouts';
import { die, hang } from './faults/deadly-message';
import type { FaultSet } from './faults/faults';

/** Bytes of stub that a client may send in all fragments of a call. */
const MAX_STUB = 1 << 16;

/** Joins the fragments of a client's calls, with the faults of hosts that do not. */
export class Reassembly {
  readonly #calls = new Defragmenter<'request'>(MAX_STUB);
  #pendingCallId: number | null = null;

  constructor(private readonly faults: FaultSet) {}

  get pending(): boolean {
    return this.#calls.pending;
  }

  /**
   * Takes a request PDU and returns the call once it is whole, else null.
   * @throws ProtocolError for a fragment out of its order, and a call that grows too long
   */
  push(pdu: PduOf<'request'>): PduOf<'request'> | null {
    const edges = pdu.header.pfcFlags & PFC_WHOLE;
    if (edges === PFC_WHOLE && !this.#calls.pending) return pdu;
    if (this.faults.size > 0) {
      this.#meet(pdu, edges);
      if (this.faults.has('fragments-are-calls')) return pdu;
      if (this.faults.has('joins-first-and-last') && edges === 0) return null;
    }
    this.#pendingCallId = pdu.header.callId;
    try {
      return this.#calls.push(pdu);
    } catch (error) {
      if (error instanceof ProtocolError && error.code === 'too-long')
        die('dies-of-endless-fragments', this.faults);
      throw error;
    }
  }

  #meet({ header, body }: PduOf<'request'>, edges: number): void {
    const isFirst = (edges & PFC.firstFrag) !== 0;
    const { pending } = this.#calls;
    if (!isFirst && !pending) die('dies-of-last-without-first', this.faults);
    if (isFirst && pending && this.#pendingCallId !== header.callId) die('dies-of-second-first', this.faults);
    if (body.stub.length === 0) hang('hangs-on-empty-fragment', this.faults);
  }

  /** The client gives up the call whose fragments are under way. */
  abandon(): void {
    if (this.pending) die('dies-of-orphaned-fragments', this.faults);
    this.#calls.reset();
  }
}
