import { encodePdu, type PduInputOf } from '../../protocol/pdu';
import { PFC, PFC_WHOLE } from '../../protocol/pdu-layouts';
import {
  BTFN_KEEP_CONNECTION_ON_ORPHAN,
  BTFN_SECURITY_CONTEXT_MULTIPLEXING,
  btfnSyntax,
  KMS_INTERFACE,
  type SyntaxId,
  TRANSFER_SYNTAXES,
  type TransferSyntax,
  type TransferSyntaxId,
  transferSyntaxOf,
} from '../../protocol/syntax';

/** What real clients offer (recorded in every capture of the corpus): fragments of up to 5840 bytes. */
export const CLIENT_FRAGMENT_LIMIT = 5840;
export const CLIENT_BTFN = BTFN_SECURITY_CONTEXT_MULTIPLEXING | BTFN_KEEP_CONNECTION_ON_ORPHAN;
/** Recorded in binds and alter_contexts alike. */
const CLIENT_FLAGS = PFC_WHOLE | PFC.concMpx;
export const CLIENT_SYNTAXES: readonly TransferSyntax[] = ['ndr32', 'ndr64'];

/** One presentation context of an offer. */
export interface OfferedContext {
  readonly contextId: number;
  readonly abstractSyntax: SyntaxId;
  readonly transferSyntaxes: readonly TransferSyntaxId[];
}

/** What to offer; all that is left out is as real clients have it. */
export interface OfferOptions {
  /** Transfer syntaxes of the KMS interface, a context each, ids from `firstContextId`. */
  readonly syntaxes?: readonly TransferSyntax[];
  /** Feature bits to offer in a last context; null for none. */
  readonly btfn?: number | null;
  readonly interface?: SyntaxId;
  readonly firstContextId?: number;
  /** In place of all of the above. */
  readonly contexts?: readonly OfferedContext[];
  readonly maxXmitFrag?: number;
  readonly maxRecvFrag?: number;
  readonly assocGroupId?: number;
  readonly callId?: number;
  readonly pfcFlags?: number;
  readonly drep?: Uint8Array;
}

/** A bind or alter_context, ready to be sent. */
export interface Offer {
  readonly kind: 'bind' | 'alterContext';
  readonly callId: number;
  readonly contexts: readonly OfferedContext[];
  readonly pdu: Uint8Array;
}

export function offerBind(options: OfferOptions = {}): Offer {
  return offer('bind', options);
}

/** An alter_context offers NDR32 alone unless told otherwise, as recorded. */
export function offerAlterContext(options: OfferOptions = {}): Offer {
  return offer('alterContext', { syntaxes: ['ndr32'], btfn: null, ...options });
}

function offer(kind: Offer['kind'], options: OfferOptions): Offer {
  const contexts = options.contexts ?? usualContexts(options);
  const { callId = 1, drep } = options;
  const input: PduInputOf<'bind'> = {
    kind: 'bind',
    header: { callId, pfcFlags: options.pfcFlags ?? CLIENT_FLAGS, ...(drep === undefined ? {} : { drep }) },
    body: {
      maxXmitFrag: options.maxXmitFrag ?? CLIENT_FRAGMENT_LIMIT,
      maxRecvFrag: options.maxRecvFrag ?? CLIENT_FRAGMENT_LIMIT,
      assocGroupId: options.assocGroupId ?? 0,
      contexts: contexts.map((context) => ({ ...context })),
    },
  };
  return { kind, callId, contexts, pdu: encodePdu({ ...input, kind }) };
}

function usualContexts(options: OfferOptions): OfferedContext[] {
  const { btfn = CLIENT_BTFN, firstContextId = 0 } = options;
  const abstractSyntax = options.interface ?? KMS_INTERFACE;
  const offered: TransferSyntaxId[] = (options.syntaxes ?? CLIENT_SYNTAXES).map(
    (name) => TRANSFER_SYNTAXES[name],
  );
  if (btfn !== null) offered.push(btfnSyntax(btfn));
  return offered.map((syntax, i) => ({
    contextId: firstContextId + i,
    abstractSyntax,
    transferSyntaxes: [syntax],
  }));
}

/** Which of the two stub layouts a context offers first, if any: what a call in a context that was not granted is laid out in. */
export function offeredSyntax({ transferSyntaxes }: OfferedContext): TransferSyntax | undefined {
  return transferSyntaxes.map(transferSyntaxOf).find((name) => name !== undefined);
}
