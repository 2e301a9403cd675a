import {
  btfnBits,
  CONTEXT_RESULT,
  type ContextResult,
  FAULT,
  type PresentationContext,
  REJECTION,
  TRANSFER_SYNTAXES,
  type TransferSyntax,
  transferSyntaxOf,
} from '../../../protocol';
import { fault, type Override } from './fault';

const ALL_FEATURES = 3;

/** Changes the result of each context that a bind or alter_context offers; `accepted` is what calls may use. */
const inResults =
  (
    change: (
      result: ContextResult,
      context: PresentationContext,
      accepted: Map<number, TransferSyntax>,
    ) => ContextResult,
  ): Override =>
  ({ negotiate }) => ({
    negotiate: (contexts, ...rest) => {
      const right = negotiate(contexts, ...rest);
      if (right === null) return null;
      const accepted = new Map(right.accepted);
      return { results: right.results.map((result, i) => change(result, contexts[i]!, accepted)), accepted };
    },
  });

/** Accepts what is rejected for such a reason, with the first transfer syntax that the host knows. */
const accepting = (isMet: (result: ContextResult) => boolean): Override =>
  inResults((result, { contextId, transferSyntaxes }, accepted) => {
    const syntax = transferSyntaxes.map((one) => transferSyntaxOf(one)).find((name) => name !== undefined);
    if (!isMet(result) || syntax === undefined) return result;
    accepted.set(contextId, syntax);
    return { result: CONTEXT_RESULT.acceptance, reason: 0, transferSyntax: TRANSFER_SYNTAXES[syntax] };
  });

const isUnknownInterface = ({ result, reason }: ContextResult): boolean =>
  result === CONTEXT_RESULT.providerRejection && reason === REJECTION.abstractSyntaxNotSupported;

const isUnknownSyntax = ({ result, reason }: ContextResult): boolean =>
  result === CONTEXT_RESULT.providerRejection && reason === REJECTION.transferSyntaxesNotSupported;

/** Faults of what a bind comes to. */
export const NEGOTIATION_FAULTS = [
  fault({
    name: 'rejects-ndr32',
    sentence: 'It rejects NDR32 where nothing else is offered.',
    requirements: ['RPC-01'],
    override: inResults((result, { contextId }, accepted) => {
      if (accepted.get(contextId) !== 'ndr32') return result;
      accepted.delete(contextId);
      const reason = REJECTION.transferSyntaxesNotSupported;
      return { ...result, result: CONTEXT_RESULT.providerRejection, reason };
    }),
  }),
  fault({
    name: 'wants-authentication',
    sentence: 'It denies access to whoever has not authenticated.',
    requirements: ['RPC-02'],
    override: ({ dispatch }) => ({
      dispatch: (call, syntax) => (syntax === undefined ? dispatch(call, syntax) : FAULT.accessDenied),
    }),
  }),
  fault({
    name: 'closes-on-unknown-interface',
    sentence: 'It closes the connection when an interface is unknown.',
    requirements: ['RPC-03'],
    override: ({ negotiate }) => ({
      negotiate: (...offer) => {
        const right = negotiate(...offer);
        return right?.results.some(isUnknownInterface) ? null : right;
      },
    }),
  }),
  fault({
    name: 'accepts-unknown-interface',
    sentence: 'It accepts every interface.',
    requirements: ['RPC-03'],
    override: accepting(isUnknownInterface),
  }),
  fault({
    name: 'wrong-rejection-reason',
    sentence: 'It blames the transfer syntax when the interface is unknown.',
    requirements: ['RPC-03'],
    override: inResults((result) =>
      isUnknownInterface(result) ? { ...result, reason: REJECTION.transferSyntaxesNotSupported } : result,
    ),
  }),
  fault({
    name: 'accepts-both-syntaxes',
    sentence: 'It accepts NDR32 and NDR64 in one bind.',
    requirements: ['RPC-04'],
    override: accepting(isUnknownSyntax),
  }),
  fault({
    name: 'grants-unoffered-features',
    sentence: 'It grants both bind time features whatever was offered.',
    requirements: ['RPC-05'],
    override: inResults((result) =>
      result.result === CONTEXT_RESULT.negotiateAck ? { ...result, reason: ALL_FEATURES } : result,
    ),
  }),
  fault({
    name: 'accepts-feature-negotiation',
    sentence: 'It accepts bind time feature negotiation as a transfer syntax.',
    requirements: ['RPC-05'],
    override: inResults((result, { transferSyntaxes: [syntax] }) => {
      const isFeatures = syntax !== undefined && btfnBits(syntax) !== undefined;
      if (result.result !== CONTEXT_RESULT.negotiateAck || !isFeatures) return result;
      return { result: CONTEXT_RESULT.acceptance, reason: 0, transferSyntax: syntax };
    }),
  }),
] as const;
