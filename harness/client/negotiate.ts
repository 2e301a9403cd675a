import { ProtocolError } from '../../protocol/errors';
import type { PduOf } from '../../protocol/pdu';
import type { Offer } from './bind-offer';
import type { Connection } from './connection';
import { bindNakName, HostFailure, type Stage } from './host-failure';
import { decodeReceived, unexpectedPdu } from './received-pdu';

export type NegotiationAck = PduOf<'bindAck'> | PduOf<'alterContextResp'>;

/**
 * Receives what answers a bind or alter_context.
 * @throws HostFailure `rejected` for a bind_nak
 */
export async function negotiationAck(
  connection: Connection,
  offer: Offer,
  timeoutMs: number,
): Promise<NegotiationAck> {
  const stage = offer.kind === 'bind' ? 'bind' : 'alter-context';
  const wanted = offer.kind === 'bind' ? 'bindAck' : 'alterContextResp';
  const received: Uint8Array[] = [];
  try {
    const bytes = await connection.receive({ timeoutMs, stage });
    received.push(bytes);
    const pdu = decodeReceived(connection, bytes, stage);
    if (pdu.kind === 'bindNak') throw refusedBind(connection, pdu, stage);
    if (pdu.kind !== wanted || pdu.header.callId !== offer.callId) {
      throw unexpectedPdu(connection, stage, `${wanted} to call ${offer.callId}`, pdu);
    }
    checkResultCount(connection, pdu, offer, stage);
    return pdu;
  } catch (error) {
    throw error instanceof HostFailure ? error.with({ sent: [offer.pdu], received }) : error;
  }
}

function refusedBind(connection: Connection, { body }: PduOf<'bindNak'>, stage: Stage): HostFailure {
  return new HostFailure({
    kind: 'rejected',
    stage,
    endpoint: connection.endpoint,
    what: `refused the association (bind_nak: ${bindNakName(body.reason)})`,
    rejection: { bindNak: body.reason },
  });
}

function checkResultCount(
  connection: Connection,
  { kind, body }: NegotiationAck,
  { contexts }: Offer,
  stage: Stage,
): void {
  if (body.results.length === contexts.length) return;
  const error = new ProtocolError({
    code: 'bad-value',
    path: `rpc.${kind}.resultCount`,
    offset: 0,
    expected: `${contexts.length}, one for each context`,
    actual: `${body.results.length}`,
  });
  throw connection.failure('garbage', stage, `answered another number of contexts (${error.message})`, error);
}
