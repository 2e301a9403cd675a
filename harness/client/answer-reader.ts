import { ProtocolError, undecodableInWords } from '../../protocol/errors';
import { Defragmenter } from '../../protocol/fragments';
import type { Pdu, PduOf } from '../../protocol/pdu';
import type { Connection } from './connection';
import type { Instant } from './deadline';
import type { OutgoingCall } from './outgoing-call';
import { callIdInWords, decodeReceived, unexpectedPdu } from './received-pdu';

/** A fault, or a response whose fragments have all come. */
export type WholeAnswer = PduOf<'response'> | PduOf<'fault'>;

/** Receives the answers to the calls of one association, one after the other. */
export class AnswerReader {
  readonly #defragmenter = new Defragmenter<'response'>();

  constructor(private readonly connection: Connection) {}

  /**
   * Joins the fragments of an answer. One deadline holds for all of them.
   * @param received is given every PDU that came, also where the answer fails
   */
  answerTo(call: OutgoingCall, received: Uint8Array[], deadline: Instant): Promise<WholeAnswer> {
    this.#defragmenter.reset();
    return this.connection.receiveWhole((bytes) => this.#digest(bytes, call, received), deadline, 'answer');
  }

  #digest(bytes: Uint8Array, call: OutgoingCall, received: Uint8Array[]): WholeAnswer | undefined {
    received.push(bytes);
    const pdu = decodeReceived(this.connection, bytes, 'answer');
    this.#check(pdu, call);
    if (pdu.kind === 'fault') return pdu;
    try {
      return this.#defragmenter.push(pdu as PduOf<'response'>) ?? undefined;
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      const what = `sent fragments that do not join (${undecodableInWords(error)})`;
      throw this.connection.failure('garbage', 'answer', what, error);
    }
  }

  #check(pdu: Pdu, call: OutgoingCall): void {
    if ((pdu.kind === 'response' || pdu.kind === 'fault') && pdu.header.callId === call.callId) return;
    throw unexpectedPdu(
      this.connection,
      'answer',
      `a response or fault with call_id ${callIdInWords(call.callId)}`,
      pdu,
    );
  }
}
