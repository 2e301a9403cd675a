import { NIL_GUID } from '../../protocol/guid';
import {
  CONTEXT_RESULT,
  type ContextResult,
  type PresentationContext,
  REJECTION,
} from '../../protocol/pdu-layouts';
import {
  BTFN_KEEP_CONNECTION_ON_ORPHAN,
  BTFN_SECURITY_CONTEXT_MULTIPLEXING,
  btfnBits,
  KMS_INTERFACE,
  TRANSFER_SYNTAXES,
  type TransferSyntax,
  transferSyntaxOf,
} from '../../protocol/syntax';

const NO_SYNTAX = { uuid: NIL_GUID, version: 0 };
const FEATURES = BTFN_SECURITY_CONTEXT_MULTIPLEXING | BTFN_KEEP_CONNECTION_ON_ORPHAN;

/** What a bind or alter_context came to: one result for each context, and the contexts that calls may now use. */
export interface Negotiation {
  readonly results: ContextResult[];
  readonly accepted: ReadonlyMap<number, TransferSyntax>;
}

/**
 * Judges the presentation contexts that a client offers (C706 12.6.3.1, MS-RPCE 3.3.1.5.6). Where the host prefers NDR64 and the
 * client offers it, the contexts that offer NDR32 alone are rejected, so that exactly one is accepted.
 */
export function negotiate(contexts: readonly PresentationContext[], ndr64: boolean): Negotiation {
  const accepted = new Map<number, TransferSyntax>();
  const chosen: TransferSyntax =
    ndr64 && contexts.some((context) => isKms(context) && offers(context, 'ndr64')) ? 'ndr64' : 'ndr32';
  const results = contexts.map((context): ContextResult => {
    const bits = btfnBits(context.transferSyntaxes[0] ?? NO_SYNTAX);
    if (bits !== undefined) return result(CONTEXT_RESULT.negotiateAck, bits & FEATURES);
    if (!isKms(context)) return rejected(REJECTION.abstractSyntaxNotSupported);
    if (!offers(context, chosen)) return rejected(REJECTION.transferSyntaxesNotSupported);
    accepted.set(context.contextId, chosen);
    return { ...result(CONTEXT_RESULT.acceptance, 0), transferSyntax: TRANSFER_SYNTAXES[chosen] };
  });
  return { results, accepted };
}

/** A host takes clients of its major version whose minor version is not above its own (C706 12.6.3.1). */
function isKms({ abstractSyntax }: PresentationContext): boolean {
  const { uuid, major, minor } = abstractSyntax;
  return uuid === KMS_INTERFACE.uuid && major === KMS_INTERFACE.major && minor <= KMS_INTERFACE.minor;
}

function offers(context: PresentationContext, syntax: TransferSyntax): boolean {
  return context.transferSyntaxes.some((offered) => transferSyntaxOf(offered) === syntax);
}

const result = (code: number, reason: number): ContextResult => ({
  result: code,
  reason,
  transferSyntax: NO_SYNTAX,
});

const rejected = (reason: number): ContextResult => result(CONTEXT_RESULT.providerRejection, reason);
