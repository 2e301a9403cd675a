import { readAnswer } from '../../protocol/call';
import { ProtocolError, undecodableInWords } from '../../protocol/errors';
import type { Exchange } from '../../protocol/exchange';
import type { Defragmenter } from '../../protocol/fragments';
import type { Pdu, PduOf } from '../../protocol/pdu';
import { PFC_WHOLE } from '../../protocol/pdu-layouts';
import type { Connection } from './connection';
import { HostFailure } from './host-failure';
import type { OutgoingCall } from './outgoing-call';
import { OwnRequest } from './own-request';
import type { Wanted } from './reader';
import { callIdInWords, decodeReceived, unexpectedPdu } from './received-pdu';

/** A fault, or a response whose fragments have all come. */
type WholeAnswer = PduOf<'response'> | PduOf<'fault'>;

/** In place of when a request was written, while it is not. */
export const UNSENT = 0n;

/** A call that has been sent, or is about to be, until the PDUs that come make an exchange of it. */
export class PendingCall implements Wanted<Exchange> {
  /** Every PDU that came, also where the answer fails. */
  readonly #received: Uint8Array[] = [];

  /**
   * @param index of the exchange
   * @param requestedAt ns since 1970-01-01 UTC; `UNSENT` until it is written, where that is later
   * @param fragments of the association; it holds none of an earlier answer
   */
  constructor(
    private readonly connection: Connection,
    private readonly call: OutgoingCall,
    private readonly index: number,
    public requestedAt: bigint,
    private readonly fragments: Defragmenter<'response'>,
  ) {}

  take(): Exchange | undefined {
    const { connection } = this;
    for (let bytes = connection.nextPdu(); bytes !== undefined; bytes = connection.nextPdu()) {
      this.#received.push(bytes);
      const answer = this.#whole(decodeReceived(connection, bytes, 'answer'));
      if (answer !== undefined) return this.#exchange(answer);
    }
    return undefined;
  }

  failed(error: Error): Error {
    const { pdus } = this.call;
    return error instanceof HostFailure ? error.with({ sent: pdus, received: this.#received }) : error;
  }

  #exchange(answer: WholeAnswer): Exchange {
    const { connection, call } = this;
    const answeredAt = connection.time.nowNs();
    return {
      index: this.index,
      connection: connection.index,
      client: connection.client,
      host: connection.host,
      // A host may answer what was not sent yet.
      requestedAt: this.requestedAt === UNSENT ? answeredAt : this.requestedAt,
      answeredAt,
      callId: call.callId,
      contextId: call.contextId,
      transferSyntax: call.transferSyntax,
      request: new OwnRequest(call),
      answer: readAnswer(answer, call.transferSyntax),
      pdus: { sent: call.pdus, received: this.#received },
    };
  }

  #whole(pdu: Pdu): WholeAnswer | undefined {
    this.#check(pdu);
    if (pdu.kind === 'fault') return pdu;
    const response = pdu as PduOf<'response'>;
    if ((response.header.pfcFlags & PFC_WHOLE) === PFC_WHOLE && !this.fragments.pending) return response;
    try {
      return this.fragments.push(response) ?? undefined;
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      const what = `sent fragments that do not join (${undecodableInWords(error)})`;
      throw this.connection.failure('garbage', 'answer', what, error);
    }
  }

  #check(pdu: Pdu): void {
    const { callId } = this.call;
    if ((pdu.kind === 'response' || pdu.kind === 'fault') && pdu.header.callId === callId) return;
    throw unexpectedPdu(
      this.connection,
      'answer',
      `a response or fault with call_id ${callIdInWords(callId)}`,
      pdu,
    );
  }
}
