import {
  CONTEXT_RESULT,
  type ContextResult,
  KMS_INTERFACE,
  NDR32,
  REJECTION,
  type SyntaxId,
} from '../../protocol';
import type { BindOptions } from '../../harness/client';

/** An interface that no KMS host has. */
const UNKNOWN_INTERFACE: SyntaxId = {
  uuid: '6b6d7373-7065-4063-9000-696e74657266',
  major: 1,
  minor: 0,
};

/** A transfer syntax that no host has. */
export const UNKNOWN_SYNTAX = { uuid: '6b6d7373-7065-4063-9001-73796e746178', version: 1 } as const;

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

/** A bind or alter_context in words: what of it is not as real clients send it. */
export function offerInWords(what: string, options: BindOptions): string {
  const { syntaxes, btfn, contexts, firstContextId, assocGroupId, maxRecvFrag, segmentBytes } = options;
  const said = [
    ...(options.interface === undefined
      ? []
      : [`the interface ${options.interface.uuid}, which no KMS host has`]),
    ...(contexts === undefined ? [] : [contexts.map(contextInWords).join(' and ')]),
    ...(syntaxes === undefined ? [] : [syntaxes.map((syntax) => syntax.toUpperCase()).join(' and ')]),
    ...(typeof btfn === 'number' ? [`the feature bits ${btfn}`] : []),
    ...(firstContextId === undefined ? [] : [`context_id ${firstContextId}`]),
    ...(assocGroupId === undefined ? [] : [`association group 0x${assocGroupId.toString(16).toUpperCase()}`]),
    ...(maxRecvFrag === undefined ? [] : [`fragments of at most ${maxRecvFrag} octets`]),
    ...(segmentBytes === undefined ? [] : [`TCP segments of at most ${segmentBytes} octets`]),
  ];
  return said.length === 0 ? what : `${what} with ${said.join(', ')}`;
}

type Context = NonNullable<BindOptions['contexts']>[number];

function contextInWords({ contextId, abstractSyntax, transferSyntaxes }: Context): string {
  const syntaxes = transferSyntaxes.map(({ uuid }) => (uuid === NDR32.uuid ? 'NDR32' : uuid));
  return `context ${contextId} (interface version ${abstractSyntax.major}, ${syntaxes.join(' and ')})`;
}
