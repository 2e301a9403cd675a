import { CONTEXT_ID_OCTET } from '../../protocol/context-id';
import { encodingOf, type PduOf } from '../../protocol/pdu';
import { PFC, PFC_WHOLE } from '../../protocol/pdu-layouts';
import { FAULT } from '../../protocol/status';
import { stubEncoding } from '../../protocol/stub';
import type { TransferSyntax } from '../../protocol/syntax';
import { FAULT_ALLOC_HINT } from './breach';
import type { Hooks } from './hooks/hooks';
import type { CallAnswer } from './hooks/rpc-hooks';
import type { Caller } from './hooks/service-hooks';
import type { LabKms } from './kms';

/** What calls of one association are answered by. */
export interface CallContext {
  readonly kms: LabKms;
  readonly hooks: Hooks;
  /** Stands for the association. */
  readonly connection: object;
  /** Of the address that the client came by. */
  readonly family: 4 | 6;
  /** The last read of the call began behind the header of its PDU. */
  readonly wasSplitBehindHeader: boolean;
}

/**
 * Answers one whole call in the context that it names; `syntax` is what that context was accepted with, undefined where it was not.
 * The answer is little-endian whatever the client's representation is, and says so.
 * @returns null where the host closes the connection without a word
 */
export function answerCall(
  call: PduOf<'request'>,
  syntax: TransferSyntax | undefined,
  context: CallContext,
): CallAnswer | null {
  const served = context.hooks.dispatch(call, syntax);
  if (served === null) return null;
  return typeof served === 'number' ? faultOf(call, served) : activate(call, served, context);
}

/** RequestActivation: stub in, stub out. */
function activate(call: PduOf<'request'>, syntax: TransferSyntax, context: CallContext): CallAnswer {
  const { kms, hooks, connection, family, wasSplitBehindHeader } = context;
  const caller: Caller = { syntax, connection, family, wasSplitBehindHeader };
  const { stub } = call.body;
  const message = hooks.readStub(stub, stubEncoding(syntax, encodingOf(call.header.drep).bigEndian));
  if (message === null) {
    hooks.malformed({ kind: 'stub', stub, caller }, kms);
    return faultOf(call, FAULT.badStubData);
  }
  const results = hooks.results(kms.answer(message, caller), stubEncoding(syntax), {});
  if (typeof results === 'number') return faultOf(call, results);
  return {
    kind: 'response',
    header: { callId: call.header.callId },
    // The low octet alone, as Windows has it; faults name it whole (docs/rpc-ledger.md).
    body: { contextId: call.body.contextId & CONTEXT_ID_OCTET, stub: results },
  };
}

function faultOf({ header, body }: PduOf<'request'>, status: number): CallAnswer {
  // A call in a context that is not there is tied to none.
  const contextId = status === FAULT.unknownInterface ? 0 : body.contextId;
  return {
    kind: 'fault',
    header: { callId: header.callId, pfcFlags: PFC_WHOLE | PFC.didNotExecute },
    body: { allocHint: FAULT_ALLOC_HINT, contextId, status },
  };
}
