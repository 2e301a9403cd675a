import type { Encoding } from '../../protocol/codec/encoding';
import { ProtocolError } from '../../protocol/errors';
import { encodingOf, type PduOf } from '../../protocol/pdu';
import { PFC, PFC_WHOLE } from '../../protocol/pdu-layouts';
import { FAULT, HRESULT } from '../../protocol/status';
import { decodeRequestStub, encodeRefusalStub, encodeResponseStub, stubEncoding } from '../../protocol/stub';
import type { TransferSyntax } from '../../protocol/syntax';
import type { Caller } from './counting';
import type { FaultSet } from './faults/faults';
import type { CallAnswer } from './faults/faulty-answer';
import { distortResponseStub, meetStub, messageOfBadStub } from './faults/faulty-stub';
import type { LabKms } from './kms';
import type { KmsAnswer } from './kms-answer';

/** What calls of one association are answered by. */
export interface CallContext {
  readonly kms: LabKms;
  readonly faults: FaultSet;
  /** Stands for the association. */
  readonly connection: object;
  /** True where the bytes of the call came in a way that makes `double-count-at-split` bite. */
  readonly wasSplitBehindHeader: boolean;
}

/**
 * Answers one whole call in the context that it names; `syntax` is what that context was accepted with, undefined where it was not.
 * The answer is little-endian whatever the client's representation is, and says so.
 * @returns null where a fault closes the connection without a word
 */
export function answerCall(
  call: PduOf<'request'>,
  syntax: TransferSyntax | undefined,
  context: CallContext,
): CallAnswer | null {
  const { faults } = context;
  const served = syntax ?? (faults.has('serves-any-context') ? 'ndr32' : undefined);
  if (served === undefined) {
    return faults.has('closes-on-unknown-context') ? null : faultOf(call, FAULT.unknownInterface);
  }
  if (faults.has('wants-authentication')) return faultOf(call, FAULT.accessDenied);
  if (call.body.opnum !== 0 && !faults.has('serves-any-opnum')) {
    if (faults.has('closes-on-unknown-opnum')) return null;
    return faultOf(call, faults.has('wrong-opnum-status') ? FAULT.unknownInterface : FAULT.opRangeError);
  }
  return activate(call, served, context);
}

/** RequestActivation: stub in, stub out. */
function activate(call: PduOf<'request'>, syntax: TransferSyntax, context: CallContext): CallAnswer {
  const { kms, faults } = context;
  const caller: Caller = { syntax, connection: context.connection };
  const message = readMessage(
    call.body.stub,
    stubEncoding(syntax, encodingOf(call.header.drep).bigEndian),
    faults,
  );
  if (message === null) {
    kms.faulty?.malformed();
    if (faults.has('counts-bad-stub'))
      kms.faulty?.countAnyway(call.body.stub.subarray(syntax === 'ndr64' ? 16 : 8), caller);
    return faultOf(call, FAULT.badStubData);
  }
  if (faults.has('double-count-at-split') && context.wasSplitBehindHeader)
    kms.faulty?.countGhost(message, caller);
  const answer = kms.answer(message, caller);
  if (faults.has('refused-with-fault') && answer.hresult === HRESULT.productNotOffered) {
    return faultOf(call, FAULT.accessDenied);
  }
  const stub = answerStub(answer, stubEncoding(syntax), context);
  return {
    kind: 'response',
    header: { callId: call.header.callId },
    body: { contextId: call.body.contextId, stub },
  };
}

function faultOf({ header, body }: PduOf<'request'>, status: number): CallAnswer {
  return {
    kind: 'fault',
    header: { callId: header.callId, pfcFlags: PFC_WHOLE | PFC.didNotExecute },
    body: { contextId: body.contextId, status },
  };
}

/** The request message in a stub, or null where the stub's lengths lie. */
function readMessage(stub: Uint8Array, encoding: Encoding, faults: FaultSet): Uint8Array | null {
  if (faults.size > 0) meetStub(stub, encoding, faults);
  try {
    const { requestSize, maxCount, message } = decodeRequestStub(stub, encoding);
    // In NDR64 the size is a 4-byte int and 4 octets of padding, which may hold anything.
    if (BigInt.asUintN(32, requestSize) === maxCount) return message;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
  return messageOfBadStub(stub, encoding, faults);
}

function answerStub(
  { message, hresult }: KmsAnswer,
  encoding: Encoding,
  { kms, faults }: CallContext,
): Uint8Array {
  if (message === null) return encodeRefusalStub({ hresult }, encoding);
  return kms.faulty === null
    ? encodeResponseStub({ message, hresult }, encoding)
    : distortResponseStub(message, encoding, faults, kms.faulty);
}
