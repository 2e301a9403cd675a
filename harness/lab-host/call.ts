import {
  decodeRequestStub,
  encodeRefusalStub,
  encodeResponseStub,
  encodingOf,
  FAULT,
  HRESULT,
  type Encoding,
  PFC,
  PFC_WHOLE,
  type PduInputOf,
  type PduOf,
  ProtocolError,
  stubEncoding,
  type TransferSyntax,
} from '../../protocol';
import type { KmsAnswer, LabKms } from './kms';

type CallAnswer = PduInputOf<'response'> | PduInputOf<'fault'>;

/**
 * Answers one whole call in the context that it names; `syntax` is what that context was accepted with, undefined where it was not.
 * The answer is little-endian whatever the client's representation is, and says so.
 */
export function answerCall(
  call: PduOf<'request'>,
  syntax: TransferSyntax | undefined,
  kms: LabKms,
): CallAnswer {
  const { header, body } = call;
  const fault = (status: number): CallAnswer => ({
    kind: 'fault',
    header: { callId: header.callId, pfcFlags: PFC_WHOLE | PFC.didNotExecute },
    body: { contextId: body.contextId, status },
  });
  if (syntax === undefined) return fault(FAULT.unknownInterface);
  if (body.opnum !== 0) return fault(FAULT.opRangeError);
  const message = readMessage(body.stub, stubEncoding(syntax, encodingOf(header.drep).bigEndian));
  if (message === null) return fault(FAULT.badStubData);
  return {
    kind: 'response',
    header: { callId: header.callId },
    body: { contextId: body.contextId, stub: answerStub(kms.answer(message), stubEncoding(syntax)) },
  };
}

/** The request message in a stub, or null where the stub's lengths lie. */
function readMessage(stub: Uint8Array, encoding: Encoding): Uint8Array | null {
  try {
    const { requestSize, maxCount, message } = decodeRequestStub(stub, encoding);
    // In NDR64 the size is a 4-byte int and 4 octets of padding, which may hold anything.
    return BigInt.asUintN(32, requestSize) === maxCount ? message : null;
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}

function answerStub({ message, hresult }: KmsAnswer, encoding: Encoding): Uint8Array {
  return message === null
    ? encodeRefusalStub({ hresult }, encoding)
    : encodeResponseStub({ message, hresult: HRESULT.ok }, encoding);
}
