import { Defragmenter, PFC, type PduOf, type WholeCall } from '../../protocol';
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

/** Calls whose fragments may come between each other's: a connection carries one at a time, a hostile one as many as it likes. */
const MAX_OPEN = 16;

interface OpenCall<K extends 'request' | 'response'> {
  readonly defragmenter: Defragmenter<K>;
  readonly pdus: RecordedPdu[];
}

/** Joins fragments, and keeps the PDUs that they came in. */
export class CallAssembler<K extends 'request' | 'response'> {
  /** By call id, in the order of their first fragments; most connections never have one. */
  #open: Map<number, OpenCall<K>> | null = null;

  /** @param tell is told of what no rule of DCE/RPC allows, and is read all the same */
  constructor(private readonly tell: (what: string) => void) {}

  /** @throws ProtocolError for a fragment out of its order; what was held of its call is dropped then */
  push(pdu: PduOf<K>, recorded: RecordedPdu, mark: PacketMark): AssembledCall<K> | null {
    const { callId } = pdu.header;
    const known = this.#open?.get(callId);
    if (known === undefined && isWholeWithoutFlags(pdu)) {
      this.tell('a call whose PDU has neither FIRST nor LAST set is read as whole: its alloc_hint says so');
      return { call: { ...pdu, fragmentCount: 1 }, pdus: [recorded], mark };
    }
    const open = known ?? { defragmenter: new Defragmenter<K>(), pdus: [] };
    try {
      const call = open.defragmenter.push(pdu);
      open.pdus.push(recorded);
      if (call === null) {
        if (known === undefined) this.#keep(callId, open);
        return null;
      }
      this.#open?.delete(callId);
      return { call, pdus: open.pdus, mark };
    } catch (error) {
      this.#open?.delete(callId);
      throw error;
    }
  }

  /** Bytes are missing: a call that was begun cannot be whole. */
  reset(): void {
    this.#open?.clear();
  }

  /** The call was answered otherwise. */
  drop(callId: number): void {
    this.#open?.delete(callId);
  }

  #keep(callId: number, open: OpenCall<K>): void {
    const calls = (this.#open ??= new Map<number, OpenCall<K>>());
    if (calls.size > 0)
      this.tell('fragments of several calls come between each other: each is joined by its call_id');
    if (calls.size >= MAX_OPEN) calls.delete(calls.keys().next().value!);
    calls.set(callId, open);
  }
}

/** Neither first nor last, and yet all that there is. */
function isWholeWithoutFlags<K extends 'request' | 'response'>({ header, body }: PduOf<K>): boolean {
  const { allocHint, stub } = body as PduOf<'request'>['body'];
  return (
    (header.pfcFlags & (PFC.firstFrag | PFC.lastFrag)) === 0 && allocHint === stub.length && stub.length > 0
  );
}
