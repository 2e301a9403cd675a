import { encodePdu, encodingOf, type PduOf } from '../../protocol/pdu';
import { CONTEXT_RESULT, PFC, PFC_WHOLE } from '../../protocol/pdu-layouts';
import type { TransferSyntax } from '../../protocol/syntax';
import type { AssociationGroups } from './association-groups';
import { BIND_NAK } from './bind-refusal';
import type { Hooks } from './hooks/hooks';
import type { AckKind } from './hooks/rpc-hooks';
import { MAX_FRAGMENT, negotiatedLimit } from './limits';
import { type NegotiationState, offerBreach, type OfferBreach } from './negotiation';

export interface BindingHost {
  readonly ndr64: boolean;
  /** Port that the host is reached at, for the secondary address. */
  readonly port: number;
  readonly hooks: Hooks;
  readonly groups: AssociationGroups;
}

const REASONS: Readonly<Record<OfferBreach, number>> = {
  'no-contexts': BIND_NAK.protocolVersion,
  'no-syntaxes': BIND_NAK.notSpecified,
  'features-twice': BIND_NAK.notSpecified,
  'syntax-changed': BIND_NAK.notSpecified,
};

/** What bind and alter_context of one connection have come to (C706 12.6.3.1). */
export class Binding {
  readonly #contexts = new Map<number, TransferSyntax>();
  #group: number | null = null;
  #isMultiplexed = false;
  #limit = MAX_FRAGMENT;
  #firstContext = 0;
  #isAltered = false;

  constructor(private readonly host: BindingHost) {}

  get isBound(): boolean {
    return this.#group !== null;
  }

  /** Several calls at a time were negotiated. */
  get isMultiplexed(): boolean {
    return this.#isMultiplexed;
  }

  /** The context that was granted first, once an alter_context has come; null before. */
  get contextBeforeAlter(): number | null {
    return this.#isAltered ? this.#firstContext : null;
  }

  syntaxOf(contextId: number): TransferSyntax | undefined {
    return this.#contexts.get(contextId);
  }

  /** Why a bind is refused, as the reason of a bind_nak; null where it is not, and the connection belongs to its group. */
  refusal({ header, body, authTrailer }: PduOf<'bind'>): number | null {
    if (header.rpcVersMinor > 1) return BIND_NAK.protocolVersion;
    if (this.isBound) return BIND_NAK.notSpecified;
    if (authTrailer.length > 0) {
      const reason = this.host.hooks.refuseCredentials(authTrailer, encodingOf(header.drep));
      if (reason !== null) return reason;
    }
    const breach = offerBreach(body.contexts, this.#state);
    if (breach !== null) return REASONS[breach];
    const { groups } = this.host;
    if (body.assocGroupId === 0) this.#group = groups.open();
    else if (groups.join(body.assocGroupId)) this.#group = body.assocGroupId;
    else return BIND_NAK.notSpecified;
    return null;
  }

  /** @returns the bind_ack, or null where the host closes the connection without a word */
  bind(pdu: PduOf<'bind'>): Uint8Array | null {
    const { pfcFlags } = pdu.header;
    this.#limit = negotiatedLimit(pdu.body.maxXmitFrag, pdu.body.maxRecvFrag);
    // Concurrent multiplexing is negotiated once (C706 12.6.3.1): alter_context_resp leaves the bit out.
    this.#isMultiplexed = (pfcFlags & PFC.concMpx) !== 0;
    const echoed = pfcFlags & (PFC.concMpx | PFC.headerSigning);
    return this.#acknowledge('bindAck', pdu, PFC_WHOLE | echoed, `${this.host.port}\0`);
  }

  /** Whether an alter_context breaks the protocol. */
  isBreachedBy({ body, authTrailer }: PduOf<'alterContext'>): boolean {
    return !this.isBound || authTrailer.length > 0 || offerBreach(body.contexts, this.#state) !== null;
  }

  /** @returns the alter_context_resp, or null where the host closes the connection without a word */
  alter(pdu: PduOf<'alterContext'>): Uint8Array | null {
    this.#isAltered = true;
    const echoed = pdu.header.pfcFlags & PFC.headerSigning;
    return this.#acknowledge('alterContextResp', pdu, PFC_WHOLE | echoed, '');
  }

  /** The connection is gone. */
  left(): void {
    if (this.#group !== null) this.host.groups.leave(this.#group);
  }

  get #state(): NegotiationState {
    return { granted: this.#contexts, ndr64: this.host.ndr64 };
  }

  #acknowledge(
    kind: AckKind,
    pdu: PduOf<'bind'> | PduOf<'alterContext'>,
    pfcFlags: number,
    secondaryAddress: string,
  ): Uint8Array | null {
    const { hooks } = this.host;
    const { body } = pdu;
    const negotiation = hooks.negotiate(body.contexts, this.#state, kind);
    if (negotiation === null) return null;
    const { results, accepted } = negotiation;
    hooks.grantContexts(this.#contexts, accepted, kind);
    if (kind === 'bindAck') {
      const first = results.findIndex(({ result }) => result === CONTEXT_RESULT.acceptance);
      this.#firstContext = body.contexts[first]?.contextId ?? 0;
    }
    const right = {
      maxXmitFrag: this.#limit,
      maxRecvFrag: this.#limit,
      assocGroupId: this.#group ?? 0,
      secondaryAddress: Buffer.from(secondaryAddress, 'ascii'),
      results,
    };
    const header = { callId: pdu.header.callId, pfcFlags };
    return encodePdu({ kind, header, body: hooks.acknowledge(right, kind) });
  }
}
