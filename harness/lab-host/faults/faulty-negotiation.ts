import {
  btfnBits,
  CONTEXT_RESULT,
  type ContextResult,
  type PresentationContext,
  REJECTION,
  TRANSFER_SYNTAXES,
  type TransferSyntax,
  transferSyntaxOf,
} from '../../../protocol';
import { hang } from './deadly-message';
import type { FaultSet } from './faults';
import type { Negotiation } from '../negotiation';

const ALL_FEATURES = 3;
const HIGHEST_CONTEXT = 0xffff;

/**
 * What a host with faults makes of a negotiation.
 * @returns null where it closes without a word
 */
export function distortNegotiation(
  contexts: readonly PresentationContext[],
  right: Negotiation,
  faults: FaultSet,
): Negotiation | null {
  if (contexts.some(({ contextId }) => contextId === HIGHEST_CONTEXT)) hang('hangs-on-high-context', faults);
  if (faults.has('closes-on-unknown-interface') && right.results.some(isUnknownInterface)) return null;
  const accepted = new Map(right.accepted);
  const results = right.results.map((result, i) => distortResult(contexts[i]!, result, accepted, faults));
  return { results, accepted };
}

function distortResult(
  context: PresentationContext,
  result: ContextResult,
  accepted: Map<number, TransferSyntax>,
  faults: FaultSet,
): ContextResult {
  const { transferSyntaxes, contextId } = context;
  const offered = transferSyntaxes
    .map((syntax) => transferSyntaxOf(syntax))
    .find((name) => name !== undefined);
  if (faults.has('rejects-ndr32') && accepted.get(contextId) === 'ndr32') {
    accepted.delete(contextId);
    return {
      ...result,
      result: CONTEXT_RESULT.providerRejection,
      reason: REJECTION.transferSyntaxesNotSupported,
    };
  }
  if (result.result === CONTEXT_RESULT.negotiateAck) return distortFeatures(context, result, faults);
  const isAcceptedToo =
    (faults.has('accepts-unknown-interface') && isUnknownInterface(result)) ||
    (faults.has('accepts-both-syntaxes') && isUnknownSyntax(result));
  if (isAcceptedToo && offered !== undefined) {
    accepted.set(contextId, offered);
    return { result: CONTEXT_RESULT.acceptance, reason: 0, transferSyntax: TRANSFER_SYNTAXES[offered] };
  }
  if (faults.has('wrong-rejection-reason') && isUnknownInterface(result)) {
    return { ...result, reason: REJECTION.transferSyntaxesNotSupported };
  }
  return result;
}

function distortFeatures(
  context: PresentationContext,
  result: ContextResult,
  faults: FaultSet,
): ContextResult {
  const [syntax] = context.transferSyntaxes;
  if (faults.has('grants-unoffered-features')) return { ...result, reason: ALL_FEATURES };
  if (faults.has('accepts-feature-negotiation') && syntax !== undefined && btfnBits(syntax) !== undefined) {
    return { result: CONTEXT_RESULT.acceptance, reason: 0, transferSyntax: syntax };
  }
  return result;
}

const isUnknownInterface = ({ result, reason }: ContextResult): boolean =>
  result === CONTEXT_RESULT.providerRejection && reason === REJECTION.abstractSyntaxNotSupported;

const isUnknownSyntax = ({ result, reason }: ContextResult): boolean =>
  result === CONTEXT_RESULT.providerRejection && reason === REJECTION.transferSyntaxesNotSupported;
