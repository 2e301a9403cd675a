import { encodePdu, type PduOf } from '../../protocol/pdu';
import { CALL_HEADER_SIZE, CONTEXT_RESULT, HEADER_SIZE, PFC, PFC_WHOLE } from '../../protocol/pdu-layouts';
import type { TransferSyntax } from '../../protocol/syntax';
import { distortNegotiation } from './faults/faulty-negotiation';
import type { FaultSet } from './faults/faults';
import { negotiate } from './negotiation';

/** The largest fragment that the host sends and takes, as recorded hosts say. */
export const MAX_FRAGMENT = 5840;
/** The smallest limit with which stub bytes can travel at all: their headers and one unit of alignment. */
const MIN_FRAGMENT = HEADER_SIZE + CALL_HEADER_SIZE + 8;
const LARGEST_LIMIT = 0xffff;

/** Reasons of bind_nak that the host gives (C706 12.6.3.1, MS-RPCE 2.2.2.5). */
export const BIND_NAK = {
  notSpecified: 0,
  localLimit: 2,
  protocolVersion: 4,
  authenticationType: 8,
} as const;

export interface BindingHost {
  readonly ndr64: boolean;
  /** Port that the host is reached at, for the secondary address. */
  readonly port: number;
  readonly faults: FaultSet;
  /** A number for a new association group. */
  nextGroup(): number;
}

/** What bind and alter_context of one connection have come to (C706 12.6.3.1). */
export class Binding {
  readonly #contexts = new Map<number, TransferSyntax>();
  #isBound = false;
  #group = 0;
  #maxXmit = MAX_FRAGMENT;
  #maxRecv = MAX_FRAGMENT;
  #firstContext = 0;
  #isAltered = false;

  constructor(private readonly host: BindingHost) {}

  get isBound(): boolean {
    return this.#isBound;
  }

  /** The largest fragment that the client takes. */
  get maxXmit(): number {
    return this.#maxXmit;
  }

  /** The context that was granted first, once an alter_context has come; null before. */
  get contextBeforeAlter(): number | null {
    return this.#isAltered ? this.#firstContext : null;
  }

  syntaxOf(contextId: number): TransferSyntax | undefined {
    return this.#contexts.get(contextId);
  }

  /** Why a bind is refused, as the reason of a bind_nak; null where it is not. */
  refusal({ header, body, authTrailer }: PduOf<'bind'>): number | null {
    if (header.rpcVersMinor > 1) return BIND_NAK.protocolVersion;
    if (this.#isBound) return BIND_NAK.notSpecified;
    if (authTrailer.length > 0) return BIND_NAK.authenticationType;
    return Math.min(body.maxXmitFrag, body.maxRecvFrag) < MIN_FRAGMENT ? BIND_NAK.localLimit : null;
  }

  /** @returns the bind_ack, or null where a fault closes the connection without a word */
  bind(pdu: PduOf<'bind'>): Uint8Array | null {
    const { body } = pdu;
    this.#isBound = true;
    this.#maxXmit = Math.min(body.maxRecvFrag, MAX_FRAGMENT);
    this.#maxRecv = Math.min(body.maxXmitFrag, MAX_FRAGMENT);
    this.#group = body.assocGroupId !== 0 ? body.assocGroupId : this.host.nextGroup();
    // Concurrent multiplexing is negotiated once (C706 12.6.3.1); recorded hosts leave the bit out of alter_context_resp.
    const pfcFlags = PFC_WHOLE | (pdu.header.pfcFlags & PFC.concMpx);
    return this.#acknowledge('bindAck', pdu, pfcFlags, `${this.host.port}\0`);
  }

  /** @returns the alter_context_resp, or null where a fault closes the connection without a word */
  alter(pdu: PduOf<'alterContext'>): Uint8Array | null {
    this.#isAltered = true;
    return this.#acknowledge('alterContextResp', pdu, PFC_WHOLE, '');
  }

  #acknowledge(
    kind: 'bindAck' | 'alterContextResp',
    { header, body }: PduOf<'bind'> | PduOf<'alterContext'>,
    pfcFlags: number,
    secondaryAddress: string,
  ): Uint8Array | null {
    const { faults, ndr64 } = this.host;
    const right = negotiate(body.contexts, ndr64);
    const negotiation = faults.size === 0 ? right : distortNegotiation(body.contexts, right, faults);
    if (negotiation === null) return null;
    const forgets = kind === 'alterContextResp' && faults.has('forgets-altered-context');
    if (!forgets)
      for (const [contextId, syntax] of negotiation.accepted) this.#contexts.set(contextId, syntax);
    const { results } = negotiation;
    if (kind === 'bindAck') {
      const first = results.findIndex(({ result }) => result === CONTEXT_RESULT.acceptance);
      this.#firstContext = body.contexts[first]?.contextId ?? 0;
    }
    const raised = faults.has('raises-fragment-limits');
    return encodePdu({
      kind,
      header: { callId: header.callId, pfcFlags },
      body: {
        maxXmitFrag: raised ? LARGEST_LIMIT : this.#maxXmit,
        maxRecvFrag: raised ? LARGEST_LIMIT : this.#maxRecv,
        assocGroupId: this.#group,
        secondaryAddress: Buffer.from(secondaryAddress, 'ascii'),
        results,
      },
    });
  }
}
