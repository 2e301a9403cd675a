import { encodePdu } from '../../protocol/pdu';
import { PFC, PFC_WHOLE } from '../../protocol/pdu-layouts';
import { FAULT } from '../../protocol/status';

/** What a client that breaks the protocol is told before its connection is closed. */
export interface Breach {
  readonly status: number;
  /** Nothing of the call was taken up: the fault says so (DID_NOT_EXECUTE). */
  readonly untouched: boolean;
  /** The fault names the call's context; otherwise 0, where the PDU was not tied to one. */
  readonly namesContext: boolean;
}

const breach = (status: number, untouched: boolean, namesContext: boolean): Breach => ({
  status,
  untouched,
  namesContext,
});

/** By what the client did; statuses, flags and contexts are those of Windows (docs/rpc-ledger.md). */
export const BREACH = {
  /** An alter_context without contexts, without syntaxes, out of turn, or that cannot be read. */
  alterContext: breach(FAULT.protocolError, true, false),
  callBeforeBind: breach(FAULT.protocolError, true, false),
  /** A request that is longer than the transport takes, or that cannot be read. */
  unreadable: breach(FAULT.protocolError, false, false),
  /** A later fragment of a call that was not begun. */
  fragmentWithoutCall: breach(FAULT.protocolError, false, false),
  /** A FIRST where a call has begun already. */
  secondFirst: breach(FAULT.protocolError, false, true),
  /** More stub than the interface takes, in all fragments or as the first one's alloc_hint announces it. */
  callTooLong: breach(FAULT.accessDenied, false, true),
  /** Credentials where nothing was authenticated. */
  uninvitedCredentials: breach(FAULT.accessDenied, false, true),
  /** A first fragment that says it was cancelled before it came. */
  cancelledAtOnce: breach(FAULT.noCallActive, true, false),
} as const satisfies Record<string, Breach>;

/** The fault PDU of a breach. */
export function breachFault(callId: number, contextId: number, told: Breach): Uint8Array {
  return encodePdu({
    kind: 'fault',
    header: { callId, pfcFlags: told.untouched ? PFC_WHOLE | PFC.didNotExecute : PFC_WHOLE },
    body: { allocHint: FAULT_ALLOC_HINT, contextId: told.namesContext ? contextId : 0, status: told.status },
  });
}

/** The alloc_hint of a fault without extended error information, which is counted as alloc_hint - 0x20 (MS-RPCE 2.2.2.8). */
export const FAULT_ALLOC_HINT = 0x20;
