import { ProtocolError, undecodableInWords } from '../../protocol/errors';
import { decodePdu, type Pdu } from '../../protocol/pdu';
import type { Connection } from './connection';
import type { HostFailure, Stage } from './host-failure';

/** @throws HostFailure `garbage` where a PDU that the host sent does not decode */
export function decodeReceived(connection: Connection, bytes: Uint8Array, stage: Stage): Pdu {
  try {
    return decodePdu(bytes);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw connection.failure(
      'garbage',
      stage,
      `sent a PDU that does not decode (${undecodableInWords(error)})`,
      error,
    );
  }
}

/** The failure of a host that sent a sound PDU, but not the one that was waited for. */
export function unexpectedPdu(connection: Connection, stage: Stage, wanted: string, pdu: Pdu): HostFailure {
  const got = pdu.kind === 'unknown' ? `a PDU of ptype ${pdu.header.ptype}` : `a PDU ${pdu.kind}`;
  const what = `sent ${got} with call_id ${callIdInWords(pdu.header.callId)} instead of ${wanted}`;
  return connection.failure('unexpected-pdu', stage, what);
}

export const callIdInWords = (callId: number): string => `0x${callId.toString(16).toUpperCase()}`;
