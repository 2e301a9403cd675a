import { CONTEXT_RESULT, type ContextResult } from '../../protocol/pdu-layouts';
import { type TransferSyntax, transferSyntaxOf } from '../../protocol/syntax';
import { type Offer, offeredSyntax } from './bind-offer';
import type { Endpoint } from './endpoint';
import { HostFailure } from './host-failure';
import type { NegotiationAck } from './negotiate';

/** A context that was offered, and what the host made of it. */
export interface NegotiatedContext {
  readonly contextId: number;
  readonly result: ContextResult;
  /** Set where the context was accepted with a stub layout that this project knows. */
  readonly transferSyntax: TransferSyntax | null;
  /** What a stub in it is laid out in, accepted or not. */
  readonly layout: TransferSyntax;
}

/** The presentation contexts of an association (C706 12.6.4.3): each that was offered, as the host answered it last. */
export class NegotiatedContexts {
  readonly #all = new Map<number, NegotiatedContext>();
  #accepted: NegotiatedContext | null = null;

  /** The context that calls go to: the last one to be accepted by an alter_context, else the first of the bind. */
  get accepted(): NegotiatedContext | null {
    return this.#accepted;
  }

  get all(): readonly NegotiatedContext[] {
    return [...this.#all.values()];
  }

  byId(contextId: number): NegotiatedContext | undefined {
    return this.#all.get(contextId);
  }

  /** Takes the host's answer to an offer. */
  take({ contexts, kind }: Offer, { body }: NegotiationAck): void {
    let first: NegotiatedContext | null = null;
    for (const [i, offered] of contexts.entries()) {
      const result = body.results[i]!;
      const isAccepted = result.result === CONTEXT_RESULT.acceptance;
      const transferSyntax = isAccepted ? (transferSyntaxOf(result.transferSyntax) ?? null) : null;
      const layout = transferSyntax ?? offeredSyntax(offered) ?? 'ndr32';
      const context = { contextId: offered.contextId, result, transferSyntax, layout };
      this.#all.set(context.contextId, context);
      if (transferSyntax !== null) first ??= context;
    }
    if (kind === 'bind' || first !== null) this.#accepted = first;
  }

  /** The context that calls go to. @throws HostFailure `rejected` where none was accepted */
  current(endpoint: Endpoint): NegotiatedContext {
    if (this.#accepted !== null) return this.#accepted;
    const results = this.all.map(({ result }) => result);
    throw new HostFailure({
      kind: 'rejected',
      stage: 'bind',
      endpoint,
      what: `accepted no presentation context (${results.map(describeResult).join(', ')})`,
      rejection: { results },
    });
  }
}

const describeResult = ({ result, reason }: ContextResult): string => `result ${result} reason ${reason}`;
