import { ProtocolError } from '../../protocol/errors';
import { Defragmenter } from '../../protocol/fragments';
import type { Pdu, PduOf } from '../../protocol/pdu';
import type { Connection } from './connection';
import type { Instant } from './deadline';
import { HostFailure } from './host-failure';
import type { OutgoingCall } from './outgoing-call';
import { decodeReceived, unexpectedPdu } from './received-pdu';

/** Receives the answers to the calls of one association, one after the other. */
export class AnswerReader {
  readonly #defragmenter = new Defragmenter<'response'>();

  constructor(private readonly connection: Connection) {}

  /**
   * Joins the fragments of an answer. One deadline holds for all of them.
   * @param received is given every PDU that came, also where the answer fails
   */
  async answerTo(
    call: OutgoingCall,
    received: Uint8Array[],
    deadline: Instant,
  ): Promise<PduOf<'response'> | PduOf<'fault'>> {
    this.#defragmenter.reset();
    try {
      for (;;) {
        const bytes = await this.connection.receiveUntil(deadline, 'answer');
        received.push(bytes);
        const pdu = decodeReceived(this.connection, bytes, 'answer');
        this.#check(pdu, call);
        if (pdu.kind === 'fault') return pdu;
        const whole = this.#defragmenter.push(pdu as PduOf<'response'>);
        if (whole !== null) return whole;
      }
    } catch (error) {
      throw this.#failure(error).with({ sent: call.pdus, received });
    }
  }

  #check(pdu: Pdu, call: OutgoingCall): void {
    if ((pdu.kind === 'response' || pdu.kind === 'fault') && pdu.header.callId === call.callId) return;
    throw unexpectedPdu(this.connection, 'answer', `a response or fault to call ${call.callId}`, pdu);
  }

  #failure(error: unknown): HostFailure {
    if (error instanceof HostFailure) return error;
    if (!(error instanceof ProtocolError)) throw error;
    const what = `sent fragments that do not join (${error.message})`;
    return this.connection.failure('garbage', 'answer', what, error);
  }
}
