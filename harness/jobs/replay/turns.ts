import type { AssociationListener } from '../../../captures/rpc/association';
import type { AssembledCall, RecordedPdu } from '../../../captures/rpc/call-assembler';
import type { Pairing } from '../../../captures/rpc/pairing';
import { type Pdu, transferSyntaxOf } from '../../../protocol';

/** One PDU as a client sent it. */
export interface RecordedTurn {
  readonly sent: Uint8Array;
  /** What the host answered a bind or an alter_context with; empty for a request, whose exchange has its answer. */
  readonly received: readonly Uint8Array[];
}

/** PDU kinds that only clients send; the first of them shows which direction is the client's. */
const CLIENT_KINDS: ReadonlySet<string> = new Set(['bind', 'alterContext', 'request']);
/** Of calls that are not whole, or none of KMS's, a connection keeps no more. */
const MOST_WAITING = 1024;

interface Waiting {
  readonly recorded: RecordedPdu;
  /** What the host answers to a bind or an alter_context; null for a request. */
  readonly received: Uint8Array[] | null;
}

/** Whom a reading tells what it found beside exchanges. */
export interface TurnsFound {
  /** What a client sent on its connection up to the end of a request, since the one before; not told where that is the one PDU of the request. */
  request(lastPdu: Uint8Array, turns: readonly RecordedTurn[]): void;
  /** A host accepted NDR64. */
  acceptedNdr64(): void;
}

/** Follows one connection: which PDUs led to each request. */
export class ConnectionTurns {
  readonly listener: AssociationListener;
  #waiting: Waiting[] = [];
  /** What the host answers to the latest bind or alter_context. */
  #unanswered: Uint8Array[] | null = null;
  #begun = false;

  constructor(
    pairing: Pairing,
    private readonly found: TurnsFound,
  ) {
    this.listener = {
      pdu: (_direction, recorded, pdu) => this.#pdu(recorded, pdu),
      request: (direction, request, syntax) => {
        this.#request(request);
        pairing.request(direction, request, syntax);
      },
      answer: (direction, answer) => pairing.answer(direction, answer),
      end: () => pairing.end(),
    };
  }

  #pdu(recorded: RecordedPdu, pdu: Pdu | null): void {
    if (pdu === null || !CLIENT_KINDS.has(pdu.kind)) return this.#answered(recorded, pdu);
    this.#begun = true;
    const received = pdu.kind === 'request' ? null : [];
    this.#unanswered = received;
    this.#waiting.push({ recorded, received });
    if (this.#waiting.length <= MOST_WAITING) return;
    const oldest = this.#waiting.findIndex((one) => one.received === null);
    this.#waiting.splice(Math.max(oldest, 0), 1);
  }

  #answered({ bytes }: RecordedPdu, pdu: Pdu | null): void {
    this.#unanswered?.push(bytes);
    this.#unanswered = null;
    if (!this.#begun || (pdu?.kind !== 'bindAck' && pdu?.kind !== 'alterContextResp')) return;
    if (pdu.body.results.some(({ transferSyntax }) => transferSyntaxOf(transferSyntax) === 'ndr64'))
      this.found.acceptedNdr64();
  }

  /** Fragments of other calls stay: theirs may end later. */
  #request({ pdus }: AssembledCall<'request'>): void {
    if (this.#waiting.length === 1 && pdus[0] === this.#waiting[0]!.recorded) {
      this.#waiting.pop();
      return;
    }
    const turns: RecordedTurn[] = [];
    const others: Waiting[] = [];
    for (const one of this.#waiting) {
      if (one.received === null && !pdus.includes(one.recorded)) others.push(one);
      else turns.push({ sent: one.recorded.bytes, received: one.received ?? [] });
    }
    this.#waiting = others;
    this.found.request(pdus.at(-1)!.bytes, turns);
  }
}
