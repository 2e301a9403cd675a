import {
  CONTEXT_RESULT,
  type ContextResult,
  KMS_INTERFACE,
  NDR32,
  REJECTION,
  type SyntaxId,
} from '../../../protocol';
import type { BindOptions } from '../../client';

/** An interface that no KMS host has. */
const UNKNOWN_INTERFACE: SyntaxId = {
  uuid: '6b6d7373-7065-4063-9000-696e74657266',
  major: 1,
  minor: 0,
};

/** What a client may offer when it binds, in the words of the clauses. */
export const offering = {
  ndr32Alone: (): BindOptions => ({ syntaxes: ['ndr32'], btfn: null }),
  ndr64Alone: (): BindOptions => ({ syntaxes: ['ndr64'], btfn: null }),
  bothSyntaxes: (): BindOptions => ({ syntaxes: ['ndr32', 'ndr64'], btfn: null }),
  /** The KMS interface, and feature bits in a context of their own. */
  features: (bits: number): BindOptions => ({ syntaxes: ['ndr32'], btfn: bits }),
  unknownInterface: (): BindOptions => ({ syntaxes: ['ndr32'], btfn: null, interface: UNKNOWN_INTERFACE }),
  anotherMajorVersion: (): BindOptions => ({
    contexts: [{ contextId: 0, abstractSyntax: { ...KMS_INTERFACE, major: 2 }, transferSyntaxes: [NDR32] }],
  }),
  fragmentsOf: (bytes: number): BindOptions => ({ maxXmitFrag: bytes, maxRecvFrag: bytes }),
  fromContext: (firstContextId: number): BindOptions => ({ syntaxes: ['ndr32'], btfn: null, firstContextId }),
} as const;

const REASONS: Readonly<Record<number, string>> = {
  [REJECTION.notSpecified]: 'not specified',
  [REJECTION.abstractSyntaxNotSupported]: 'unknown interface',
  [REJECTION.transferSyntaxesNotSupported]: 'transfer syntax not supported',
  [REJECTION.localLimitExceeded]: 'local limit exceeded',
};

/** What a host made of a context, in words: `accepted`, `rejected: unknown interface`, `features 3`. */
export function verdictOn({ result, reason }: ContextResult): string {
  switch (result) {
    case CONTEXT_RESULT.acceptance:
      return 'accepted';
    case CONTEXT_RESULT.userRejection:
      return `rejected by the user: ${reason}`;
    case CONTEXT_RESULT.providerRejection:
      return `rejected: ${REASONS[reason] ?? reason}`;
    case CONTEXT_RESULT.negotiateAck:
      return `features ${reason}`;
    default:
      return `result ${result}, reason ${reason}`;
  }
}
