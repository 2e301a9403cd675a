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

/** Contexts that calls may use, with the syntax that each was granted. */
export type GrantedContexts = ReadonlyMap<number, TransferSyntax>;

/** What a bind or alter_context came to: one result for each context, and the contexts that calls may use because of it. */
export interface Negotiation {
  readonly results: ContextResult[];
  readonly accepted: GrantedContexts;
}

/** Why a list of contexts is refused as a whole. */
export type OfferBreach = 'no-contexts' | 'no-syntaxes' | 'features-twice' | 'syntax-changed';

/** What an association has so far, and what its host can do. */
export interface NegotiationState {
  readonly granted: GrantedContexts;
  readonly ndr64: boolean;
}

/** What is wrong with a list of contexts as such, if anything is. */
export function offerBreach(
  contexts: readonly PresentationContext[],
  { granted, ndr64 }: NegotiationState,
): OfferBreach | null {
  if (contexts.length === 0) return 'no-contexts';
  if (contexts.some(({ transferSyntaxes }) => transferSyntaxes.length === 0)) return 'no-syntaxes';
  if (contexts.filter((context) => featuresOf(context) !== undefined).length > 1) return 'features-twice';
  const changes = (context: PresentationContext): boolean => {
    const kept = granted.get(context.contextId);
    if (kept === undefined || !isKms(context) || offers(context, kept)) return false;
    return offers(context, 'ndr32') || (ndr64 && offers(context, 'ndr64'));
  };
  return contexts.some(changes) ? 'syntax-changed' : null;
}

/**
 * Judges the presentation contexts that a client offers (C706 12.6.3.1). Of those that could be accepted one is, and the others
 * are rejected (MS-RPCE 3.3.1.5.6): the first that offers NDR64 where the host has it, else the first. What was granted before stays.
 */
export function negotiate(contexts: readonly PresentationContext[], state: NegotiationState): Negotiation {
  const syntaxes = contexts.map((context) => syntaxFor(context, state));
  const ndr64At = syntaxes.indexOf('ndr64');
  const chosen = ndr64At >= 0 ? ndr64At : syntaxes.indexOf('ndr32');
  const accepted = new Map<number, TransferSyntax>();
  const results = contexts.map((context, i): ContextResult => {
    const bits = featuresOf(context);
    if (bits !== undefined) return result(CONTEXT_RESULT.negotiateAck, bits & FEATURES);
    if (!isKms(context)) return rejected(REJECTION.abstractSyntaxNotSupported);
    const syntax = i === chosen ? syntaxes[i] : undefined;
    if (syntax === undefined) return rejected(REJECTION.transferSyntaxesNotSupported);
    accepted.set(context.contextId, syntax);
    return { ...result(CONTEXT_RESULT.acceptance, 0), transferSyntax: TRANSFER_SYNTAXES[syntax] };
  });
  return { results, accepted };
}

/** What a context could be accepted with: a granted one keeps its syntax. */
function syntaxFor(
  context: PresentationContext,
  { granted, ndr64 }: NegotiationState,
): TransferSyntax | undefined {
  if (featuresOf(context) !== undefined || !isKms(context)) return undefined;
  const kept = granted.get(context.contextId);
  const known: readonly TransferSyntax[] =
    kept !== undefined ? [kept] : ndr64 ? ['ndr64', 'ndr32'] : ['ndr32'];
  return known.find((syntax) => offers(context, syntax));
}

/** A context asks for features where the first of its syntaxes does; the others count for nothing then (MS-RPCE 2.2.2.14). */
const featuresOf = ({ transferSyntaxes }: PresentationContext): number | undefined =>
  btfnBits(transferSyntaxes[0] ?? NO_SYNTAX);

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
