import {
  type ContextResult,
  CONTEXT_RESULT,
  decodePdu,
  Defragmenter,
  type Pdu,
  type PduOf,
  ProtocolError,
  type TransferSyntax,
} from '../../../protocol';
import { Connection, HostFailure } from '../../client';
import { instantIn } from '../../client/deadline';
import { offerAlterContext, offerBind } from '../../client/bind-offer';
import type { RunContext } from './capabilities';
import type { BoundContext } from './render';
import { malformedAnswer, type Violation, violation } from '../judge/violation';

/** What a host did about something that was sent. */
export type Heard =
  | { readonly kind: 'call'; readonly pdu: PduOf<'response'> | PduOf<'fault'> }
  | { readonly kind: 'other'; readonly pdu: Pdu }
  /** The connection is over, or the deadline has passed. */
  | { readonly kind: 'closed' | 'reset' | 'timeout' }
  | { readonly kind: 'wrong'; readonly violation: Violation };

/** What a host made of the contexts that were offered. */
export interface Negotiated {
  readonly results: readonly ContextResult[];
  readonly callId: number;
}

/** A host answers a half-close within this (TIME-05). */
const RELEASE_MS = 5000;

const OFFERS: Readonly<Record<TransferSyntax, Uint8Array>> = {
  ndr32: offerBind({ syntaxes: ['ndr32'], btfn: null }).pdu,
  ndr64: offerBind({ syntaxes: ['ndr64'], btfn: null, firstContextId: 1 }).pdu,
};
const ALTERATIONS: Readonly<Record<TransferSyntax, Uint8Array>> = {
  ndr32: offerAlterContext({ syntaxes: ['ndr32'], firstContextId: 0 }).pdu,
  ndr64: offerAlterContext({ syntaxes: ['ndr64'], firstContextId: 1 }).pdu,
};
/** One each: a context that is offered again is another one. */
const CONTEXT_IDS: Readonly<Record<TransferSyntax, number>> = { ndr32: 0, ndr64: 1 };

/** One connection of a case: opened when it is first needed, bound in the usual way unless a step binds it otherwise. */
export class Dialogue {
  readonly #contexts = new Map<TransferSyntax, BoundContext>();
  /** Set by a step of its own: calls go there, whatever their syntax. */
  #chosen: BoundContext | null = null;
  #bound = false;
  #halfClosed = false;
  readonly #calls = new Defragmenter<'response'>();

  private constructor(
    readonly connection: Connection,
    private readonly context: RunContext,
  ) {}

  /** @throws HostFailure of stage `connect` */
  static async open(context: RunContext, index = 0): Promise<Dialogue> {
    const { endpoint, timeoutMs, observer, signal } = context;
    return new Dialogue(await Connection.open(endpoint, { timeoutMs, observer, signal, index }), context);
  }

  /** More can be sent and heard. */
  get usable(): boolean {
    return !this.#halfClosed && this.connection.open && this.connection.ended === null;
  }

  get bound(): boolean {
    return this.#bound;
  }

  /** The context for a call in a syntax, negotiated if it is not yet; what the host did where that failed. */
  async contextFor(syntax: TransferSyntax): Promise<BoundContext | Exclude<Heard, { kind: 'call' }>> {
    const wanted = this.context.capabilities.ndr64 ? syntax : 'ndr32';
    const known = this.#chosen ?? this.#contexts.get(wanted);
    if (known !== undefined && known !== null) return known;
    const contextId = CONTEXT_IDS[wanted];
    const heard = await this.negotiate(this.#bound ? ALTERATIONS[wanted] : OFFERS[wanted]);
    if (!('results' in heard)) return heard;
    if (heard.results[0]?.result !== CONTEXT_RESULT.acceptance) {
      return {
        kind: 'wrong',
        violation: violation('conforms', `offer of ${wanted} alone (RPC-01)`, 'acceptance', 'rejection'),
      };
    }
    const bound = { contextId, syntax: wanted };
    this.#contexts.set(wanted, bound);
    return bound;
  }

  /** Sends a bind or alter_context and hears the answer. */
  async negotiate(pdu: Uint8Array): Promise<Negotiated | Exclude<Heard, { kind: 'call' }>> {
    await this.send(pdu);
    const heard = await this.hear();
    if (heard.kind === 'call') return { kind: 'other', pdu: heard.pdu };
    if (heard.kind !== 'other') return heard;
    const { pdu: answer } = heard;
    if (answer.kind !== 'bindAck' && answer.kind !== 'alterContextResp') return heard;
    this.#bound = true;
    return { results: answer.body.results, callId: answer.header.callId };
  }

  /** Further calls go to this context. */
  choose(context: BoundContext): void {
    this.#chosen = context;
  }

  /** Sends bytes, cut into segments. A connection that is over takes them without a word: what was heard tells. */
  async send(bytes: Uint8Array, cuts: readonly number[] = []): Promise<void> {
    const { connection } = this;
    try {
      if (cuts.length === 0) return await connection.send(bytes);
      const edges = [...new Set(cuts)].filter((cut) => cut > 0 && cut < bytes.length).sort((a, b) => a - b);
      for (const [i, end] of [...edges, bytes.length].entries()) {
        await connection.send(bytes.subarray(i === 0 ? 0 : edges[i - 1]!, end));
        if (end < bytes.length) await aWhile(this.context.segmentPauseMs ?? 1);
      }
    } catch (error) {
      if (!(error instanceof HostFailure)) throw error;
    }
  }

  /** The next whole call or other PDU. */
  async hear(timeoutMs = this.context.timeoutMs): Promise<Heard> {
    const deadline = instantIn(timeoutMs);
    try {
      for (;;) {
        const bytes = await this.connection.receiveOrEnd(deadline, 'answer');
        if (bytes === null) return { kind: 'closed' };
        const pdu = decodePdu(bytes);
        if (pdu.kind === 'fault') return { kind: 'call', pdu };
        if (pdu.kind !== 'response') return { kind: 'other', pdu };
        const whole = this.#calls.push(pdu);
        if (whole !== null) return { kind: 'call', pdu: whole };
      }
    } catch (error) {
      return silence(error);
    }
  }

  /** Ends this side; the host must end its own. @returns what it still said, and whether it let go */
  async finish(): Promise<{ readonly heard: readonly Heard[]; readonly released: boolean }> {
    this.#halfClosed = true;
    const heard: Heard[] = [];
    this.connection.end();
    const deadline = performance.now() + Math.min(RELEASE_MS, this.context.timeoutMs);
    for (;;) {
      const next = await this.hear(Math.max(1, deadline - performance.now()));
      heard.push(next);
      if (next.kind === 'call' || next.kind === 'other') continue;
      void this.connection.destroy();
      return { heard, released: next.kind !== 'timeout' };
    }
  }

  /** Releases the socket at once: FIN, or RST. */
  drop(how: 'fin' | 'reset'): void {
    this.#halfClosed = true;
    void (how === 'reset' ? this.connection.reset() : this.connection.destroy());
  }
}

function silence(error: unknown): Heard {
  if (error instanceof ProtocolError) return { kind: 'wrong', violation: malformedAnswer(error) };
  if (!(error instanceof HostFailure)) throw error;
  switch (error.kind) {
    case 'reset':
      return { kind: 'reset' };
    case 'timed-out':
      return { kind: 'timeout' };
    case 'garbage':
      return {
        kind: 'wrong',
        violation: violation(
          'conforms',
          'bytes that are no PDU',
          'a PDU',
          error.details?.actual ?? 'other bytes',
        ),
      };
    default:
      return { kind: 'closed' };
  }
}

/**
 * Long enough for a host to read what came: segments that it finds together are one to it. Where time is short the timer comes
 * before a host in this process was let read; what follows at once comes behind that.
 */
const aWhile = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(() => setImmediate(resolve), milliseconds));
