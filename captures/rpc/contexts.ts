import {
  CONTEXT_RESULT,
  KMS_INTERFACE,
  type PduOf,
  type PresentationContext,
  type TransferSyntax,
  transferSyntaxOf,
} from '../../protocol';

const NONE: readonly PresentationContext[] = [];

interface Context {
  readonly kms: boolean;
  readonly syntax: TransferSyntax | undefined;
}

/** The presentation contexts of one association: which of them lead to the KMS interface, with which transfer syntax. */
export class PresentationContexts {
  /** By context id; undefined syntax: not known (yet). */
  #known: Map<number, Context> | null = null;
  #offered: readonly PresentationContext[] = NONE;
  /** The KMS interface was asked for. */
  sawKms = false;

  /** Which of the contexts that wait for their results are KMS's. */
  get offeredKms(): boolean[] {
    return this.#offered.map(({ abstractSyntax }) => abstractSyntax.uuid === KMS_INTERFACE.uuid);
  }

  offer(bind: PduOf<'bind'> | PduOf<'alterContext'>): void {
    this.#offered = bind.body.contexts;
    const known = (this.#known ??= new Map<number, Context>());
    for (const { contextId, abstractSyntax, transferSyntaxes } of this.#offered) {
      const kms = abstractSyntax.uuid === KMS_INTERFACE.uuid;
      this.sawKms ||= kms;
      // An offer of one syntax can only be accepted as that one, should the answer not be captured.
      const only = transferSyntaxes.length === 1 ? transferSyntaxOf(transferSyntaxes[0]!) : undefined;
      if (!known.has(contextId)) known.set(contextId, { kms, syntax: only });
    }
  }

  /** Results come in the order of what was offered (C706 12.6.3.1, p_result_list_t). */
  answer(ack: PduOf<'bindAck'> | PduOf<'alterContextResp'>): void {
    for (const [i, { result, transferSyntax }] of ack.body.results.entries()) {
      const offered = this.#offered[i];
      if (offered === undefined || result !== CONTEXT_RESULT.acceptance) continue;
      const kms = offered.abstractSyntax.uuid === KMS_INTERFACE.uuid;
      this.#known?.set(offered.contextId, { kms, syntax: transferSyntaxOf(transferSyntax) });
    }
    this.#offered = NONE;
  }

  /** False for a context of another interface, undefined for one that was not offered. */
  isKms(contextId: number): boolean | undefined {
    return this.#known?.get(contextId)?.kms;
  }

  syntaxOf(contextId: number): TransferSyntax | undefined {
    return this.#known?.get(contextId)?.syntax;
  }
}

/**
 * Tells the transfer syntax by a request's stub, for captures that lack the bind: NDR32 starts with one length twice in four
 * bytes each, NDR64 in eight each.
 */
export function syntaxByShape(stub: Uint8Array, bigEndian: boolean): TransferSyntax {
  const view = new DataView(stub.buffer, stub.byteOffset, stub.length);
  const u32 = (at: number): number => (at + 4 <= stub.length ? view.getUint32(at, !bigEndian) : -1);
  if (u32(0) > 0 && u32(0) === u32(4)) return 'ndr32';
  const [low, high] = bigEndian ? [4, 0] : [0, 4];
  const wide = u32(high) === 0 && u32(low) > 0 && u32(high + 8) === 0 && u32(low + 8) === u32(low);
  return wide ? 'ndr64' : 'ndr32';
}
