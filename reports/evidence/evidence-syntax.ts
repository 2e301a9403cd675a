import {
  CONTEXT_RESULT,
  decodePdu,
  encodingOf,
  type Pdu,
  type PresentationContext,
  type TransferSyntax,
  transferSyntaxOf,
} from '../../protocol';
import type { Evidence } from '../results/result';

/** NDR64: two lengths or a length and a pointer of 8 bytes, and a status of 4: no stub of an answer is shorter. */
const SHORTEST_NDR64_ANSWER = 20;

type Call = Extract<Pdu, { kind: 'request' | 'response' }>;

/** What one connection agreed on: the syntax of each presentation context, and what was offered last. */
interface Agreed {
  readonly syntaxes: Map<number, TransferSyntax>;
  offered: readonly PresentationContext[];
}

/**
 * The transfer syntax of each PDU of a conversation, undefined where it is no call or cannot be told: what its connection
 * agreed on in bind and alter_context, else what its stub looks like.
 */
export function transferSyntaxes(conversation: readonly Evidence[]): (TransferSyntax | undefined)[] {
  const connections = new Map<number | undefined, Agreed>();
  return conversation.map(({ hex, connection }) => {
    const pdu = pduOf(hex);
    if (pdu === undefined) return undefined;
    const agreed = connections.get(connection) ?? { syntaxes: new Map(), offered: [] };
    connections.set(connection, agreed);
    return syntaxIn(agreed, pdu);
  });
}

function syntaxIn(agreed: Agreed, pdu: Pdu): TransferSyntax | undefined {
  switch (pdu.kind) {
    case 'bind':
    case 'alterContext':
      agreed.offered = pdu.body.contexts;
      return undefined;
    case 'bindAck':
    case 'alterContextResp':
      // Results come in the order of what was offered (C706 12.6.3.1, p_result_list_t).
      for (const [index, { result, transferSyntax }] of pdu.body.results.entries()) {
        const contextId = agreed.offered[index]?.contextId;
        const syntax = transferSyntaxOf(transferSyntax);
        if (contextId === undefined || syntax === undefined || result !== CONTEXT_RESULT.acceptance) continue;
        agreed.syntaxes.set(contextId, syntax);
      }
      return undefined;
    case 'request':
    case 'response':
      return agreed.syntaxes.get(pdu.body.contextId) ?? syntaxByShape(pdu);
    default:
      return undefined;
  }
}

/**
 * The transfer syntax that a stub looks like. A request begins with one length twice, in 4 bytes each (NDR32) or in 8
 * (NDR64). An answer in NDR64 has no high half in its first length, where NDR32 has the pointer; its refusal has 12 bytes.
 * Undefined for a request whose lengths differ: then nothing tells.
 */
export function syntaxByShape({ kind, header, body: { stub } }: Call): TransferSyntax | undefined {
  const { bigEndian } = encodingOf(header.drep);
  const view = new DataView(stub.buffer, stub.byteOffset, stub.length);
  const word = (at: number): number => (at + 4 <= stub.length ? view.getUint32(at, !bigEndian) : -1);
  const [low, high] = bigEndian ? [4, 0] : [0, 4];
  if (kind === 'response')
    return stub.length >= SHORTEST_NDR64_ANSWER && word(high) === 0 ? 'ndr64' : 'ndr32';
  if (word(0) > 0 && word(0) === word(4)) return 'ndr32';
  const wide = word(high) === 0 && word(low) > 0 && word(high + 8) === 0 && word(low + 8) === word(low);
  return wide ? 'ndr64' : undefined;
}

/** Evidence may hold any bytes: what does not decode is no PDU. */
function pduOf(hex: string): Pdu | undefined {
  try {
    return decodePdu(Uint8Array.from(Buffer.from(hex, 'hex')));
  } catch {
    return undefined;
  }
}
