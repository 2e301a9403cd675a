import { ProtocolError } from './errors';
import type { Answer, ExchangeRequest } from './exchange';
import { decodeRequest, decodeResponse } from './message';
import { encodingOf, type PduOf } from './pdu';
import { decodeAnswerStub, decodeRequestStub, stubEncoding } from './stub';
import type { TransferSyntax } from './syntax';

/** Reads the KMS request out of a whole call; what does not decode is told, not thrown. */
export function readRequest(call: PduOf<'request'>, syntax: TransferSyntax): ExchangeRequest {
  const { stub } = call.body;
  let bytes: Uint8Array = stub;
  try {
    const encoding = stubEncoding(syntax, encodingOf(call.header.drep).bigEndian);
    bytes = decodeRequestStub(stub, encoding).message;
    return { bytes, content: decodeRequest(bytes) };
  } catch (error) {
    return { bytes, content: malformed(error) };
  }
}

/** Reads the host's answer out of a whole response or a fault; what does not decode is told, not thrown. */
export function readAnswer(call: PduOf<'response'> | PduOf<'fault'>, syntax: TransferSyntax): Answer {
  if (call.kind === 'fault') return { kind: 'fault', status: call.body.status };
  const { stub } = call.body;
  let bytes: Uint8Array = stub;
  try {
    const encoding = stubEncoding(syntax, encodingOf(call.header.drep).bigEndian);
    const answer = decodeAnswerStub(stub, encoding);
    if (answer.kind === 'refusal') return { kind: 'refusal', hresult: answer.value.hresult };
    bytes = answer.value.message;
    return readResponse(bytes, answer.value.hresult);
  } catch (error) {
    return { ...malformed(error), bytes };
  }
}

/** A message that comes with an HRESULT other than 0 is a refusal all the same. */
function readResponse(bytes: Uint8Array, hresult: number): Answer {
  if (hresult !== 0) return { kind: 'refusal', hresult };
  const message = decodeResponse(bytes);
  return message.kind === 'sealed'
    ? { kind: 'sealed', bytes, value: message.value }
    : { kind: 'response', bytes, value: message.value };
}

function malformed(error: unknown): { readonly kind: 'malformed'; readonly error: ProtocolError } {
  if (error instanceof ProtocolError) return { kind: 'malformed', error };
  throw error;
}
