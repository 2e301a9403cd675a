import type { Encoding } from '../../../protocol/codec/encoding';
import type { ProtocolError } from '../../../protocol/errors';
import type { PduInputOf, PduOf } from '../../../protocol/pdu';
import type { PresentationContext } from '../../../protocol/pdu-layouts';
import type { TransferSyntax } from '../../../protocol/syntax';
import type { KmsAnswer } from '../kms-answer';
import type { Breach } from '../breach';
import type { GrantedContexts, Negotiation, NegotiationState } from '../negotiation';
import type { Caller, KmsService } from './service-hooks';

export type CallAnswer = PduInputOf<'response'> | PduInputOf<'fault'>;
export type AckKind = 'bindAck' | 'alterContextResp';
export type AckBody = PduInputOf<AckKind>['body'];

/** What an association has seen so far. */
export interface AssociationHistory {
  /** Calls answered. */
  readonly callCount: number;
  /** A call was answered with a fault. */
  readonly hadFault: boolean;
  /** The context that the bind granted first, once an alter_context has come; null before. */
  readonly contextBeforeAlter: number | null;
  /** The client is in the middle of a PDU. */
  readonly isMidPdu: boolean;
}

/** What cuts the byte stream of a connection into PDUs. */
export interface PduStream {
  push(bytes: Uint8Array): Uint8Array[];
}

/** What joins the fragments of a client's calls. */
export interface FragmentJoiner {
  /** Fragments of a call are under way. */
  readonly pending: boolean;
  /** Whose they are; null where there are none. */
  readonly pendingCallId: number | null;
  /** Bytes of stub so far. */
  readonly size: number;
  join(pdu: PduOf<'request'>): Assembled;
}

/** What fragments come to: a whole call, one that breaks the protocol and how it is told, or null where more must come. */
export type Assembled =
  | { readonly whole: PduOf<'request'> }
  | { readonly broken: { readonly call: PduOf<'request'>; readonly breach: Breach } }
  | null;

/** What came that breaks the protocol. The host has not answered it yet. */
export type Malformed =
  | { readonly kind: 'stream'; readonly error: ProtocolError }
  | { readonly kind: 'pdu'; readonly bytes: Uint8Array; readonly error: ProtocolError }
  | { readonly kind: 'ptype' }
  | { readonly kind: 'call' }
  | { readonly kind: 'stub'; readonly stub: Uint8Array; readonly caller: Caller }
  | { readonly kind: 'message'; readonly message: Uint8Array; readonly caller: Caller };

/** Where an association may behave otherwise: bind, calls, stubs, answers. */
export interface RpcHooks {
  /** The PDUs that bytes of the stream complete. */
  readonly split: (stream: PduStream, bytes: Uint8Array) => Uint8Array[];
  /** A client has bound on this association. */
  readonly opened: (association: AssociationHistory, kms: KmsService) => void;
  /** The connection is gone. */
  readonly left: (association: AssociationHistory) => void;
  readonly malformed: (problem: Malformed, kms: KmsService) => void;
  /** @returns null where the host closes the connection without a word */
  readonly negotiate: (
    contexts: readonly PresentationContext[],
    state: NegotiationState,
    kind: AckKind,
  ) => Negotiation | null;
  /** Why a bind that authenticates is refused, as the reason of a bind_nak; null where it is served. */
  readonly refuseCredentials: (trailer: Uint8Array, encoding: Encoding) => number | null;
  /** Takes what was accepted to the contexts that calls of the association may use. */
  readonly grantContexts: (
    granted: Map<number, TransferSyntax>,
    accepted: GrantedContexts,
    kind: AckKind,
  ) => void;
  readonly acknowledge: (body: AckBody, kind: AckKind) => AckBody;
  /** A PDU of a call that comes in several fragments. */
  readonly join: (joiner: FragmentJoiner, pdu: PduOf<'request'>) => Assembled;
  /** The client gives up a call. */
  readonly orphaned: (association: AssociationHistory, joiner: FragmentJoiner) => void;
  /** A whole call as the host reads it; `deaf` where it reads nothing from now on, `reset` where it resets the connection. */
  readonly call: (
    call: PduOf<'request'>,
    association: AssociationHistory,
  ) => PduOf<'request'> | 'deaf' | 'reset';
  /**
   * What a call is served with; `syntax` is what its context was accepted with, undefined where it was not.
   * @returns the status of a fault where it is not served, null where the host closes the connection without a word
   */
  readonly dispatch: (
    call: PduOf<'request'>,
    syntax: TransferSyntax | undefined,
  ) => TransferSyntax | number | null;
  /** The request message in a stub, or null where the stub's lengths lie. */
  readonly readStub: (stub: Uint8Array, encoding: Encoding) => Uint8Array | null;
  /** The stub of the results, or the status of a fault that is sent instead. `extra` is what the stub has otherwise. */
  readonly results: (answer: KmsAnswer, encoding: Encoding, extra: ResultsExtra) => Uint8Array | number;
  readonly answerPdu: (
    answer: CallAnswer,
    call: PduOf<'request'>,
    association: AssociationHistory,
  ) => CallAnswer;
}

/** What a stub of results can have that is not right. */
export interface ResultsExtra {
  /** The length that is announced for the response. */
  readonly responseSize?: bigint;
  readonly trailing?: Uint8Array;
}
