import { CONTEXT_RESULT, decodePdu, Defragmenter, type TransferSyntax } from '../../../protocol';
import { Connection, HostFailure } from '../../client';
import { instantIn } from '../../client/deadline';
import { offerAlterContext, offerBind } from '../../client/bind-offer';
import type { RunContext } from './capabilities';
import type { BoundContext } from '../case';
import { violation } from '../judge/violation';
import { type Finished, type Heard, type Negotiated, silence } from './heard';

export type { Finished, Heard, Negotiated, Witnessed } from './heard';

/** A host answers a half-close within this (TIME-05). */
const RELEASE_MS = 5000;

/** A short wait is gone over once more, for a part of it. */
const AGAIN_LEAST_MS = 5;
const AGAIN_SHARE = 0.2;

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
export class CaseConnection {
  /** The host has answered a call here, by a response or a fault: it may end the connection behind it. */
  answered = false;
  /** How long was waited at most for what did not come, in ms. */
  gaveUpMs = 0;
  /** The association group that the host has named. */
  group = 0;
  readonly #contexts = new Map<TransferSyntax, BoundContext>();
  /** Set by a step of its own: calls go there, whatever their syntax. */
  #chosen: BoundContext | null = null;
  #askedGroup = 0;
  #hasSent = false;
  #bound = false;
  #wasBound = false;
  #served = false;
  #unreadable = false;
  #halfClosed = false;
  /** A wait was given up: what comes now is no answer to what is sent now. */
  #givenUp = false;
  #syntax: TransferSyntax = 'ndr32';
  readonly #calls = new Defragmenter<'response'>();

  private constructor(
    readonly connection: Connection,
    private readonly context: RunContext,
    private readonly index: number,
  ) {}

  /** @throws HostFailure of stage `connect` */
  static async open(context: RunContext, index = 0): Promise<CaseConnection> {
    const { endpoint, timeoutMs, observer, signal } = context;
    return new CaseConnection(
      await Connection.open(endpoint, { timeoutMs, observer, signal, index }),
      context,
      index,
    );
  }

  /** More can be sent and heard. */
  get usable(): boolean {
    return !this.#halfClosed && !this.#givenUp && this.connection.open && this.connection.ended === null;
  }

  get bound(): boolean {
    return this.#bound;
  }

  /** The context for a call in a syntax, negotiated if it is not yet; what the host did where that failed. */
  async contextFor(syntax: TransferSyntax): Promise<BoundContext | Exclude<Heard, { kind: 'call' }>> {
    const wanted = this.context.capabilities.ndr64 ? syntax : 'ndr32';
    const known = this.#chosen ?? this.#contexts.get(wanted);
    if (known !== undefined && known !== null) {
      this.#syntax = known.syntax;
      return known;
    }
    const contextId = CONTEXT_IDS[wanted];
    this.#wasBound = this.#bound;
    const heard = await this.negotiate(this.#bound ? ALTERATIONS[wanted] : OFFERS[wanted]);
    if (!('results' in heard)) return heard;
    if (heard.results[0]?.result !== CONTEXT_RESULT.acceptance) {
      if (wanted !== 'ndr32' || this.#wasBound) return { kind: 'closed' };
      return {
        kind: 'wrong',
        violation: violation('conforms', 'RPC-01', 'offer of ndr32 alone', 'acceptance', 'rejection'),
      };
    }
    const bound = { contextId, syntax: wanted };
    this.#syntax = wanted;
    this.#contexts.set(wanted, bound);
    return bound;
  }

  /** The host has answered a call here, and nothing was sent behind it that it may be unable to read: it owes the end of TIME-05. */
  get served(): boolean {
    return this.#served && !this.#unreadable;
  }

  /** What is sent here a host may be unable to read: it may wait for more of it for ever. */
  spoil(): void {
    this.#unreadable = true;
  }

  /** Sends a bind or alter_context, which may ask for an association group, and hears the answer. */
  async negotiate(
    pdu: Uint8Array,
    timeoutMs = this.#usualMs,
    group = 0,
  ): Promise<Negotiated | Exclude<Heard, { kind: 'call' }>> {
    this.#askedGroup = group;
    await this.send(pdu);
    const heard = await this.hear(timeoutMs);
    if (heard.kind === 'call') return { kind: 'other', pdu: heard.pdu };
    if (heard.kind !== 'other') return heard;
    const { pdu: answer } = heard;
    if (answer.kind !== 'bindAck' && answer.kind !== 'alterContextResp') return heard;
    this.#bound = true;
    this.group = answer.body.assocGroupId;
    return { results: answer.body.results, callId: answer.header.callId };
  }

  /** Further calls go to this context. */
  choose(context: BoundContext): void {
    this.#chosen = context;
  }

  /** Sends bytes, cut into segments. A connection that is over takes them without a word: what was heard tells. */
  async send(bytes: Uint8Array, cuts: readonly number[] = []): Promise<void> {
    const { connection } = this;
    this.#hasSent ||= bytes.length > 0;
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

  /**
   * The next whole call or other PDU.
   * @param timeoutMs how long it is waited for; as long as the host is known to take, where left out
   */
  async hear(timeoutMs = this.#usualMs): Promise<Heard> {
    const startedAt = performance.now();
    let heard = await this.#next(timeoutMs);
    // A timer of a process that was kept from running fires before it has read what came meanwhile.
    if (heard.kind === 'timeout' && timeoutMs < this.context.timeoutMs)
      heard = await this.#next(Math.max(AGAIN_LEAST_MS, AGAIN_SHARE * timeoutMs));
    if (heard.kind === 'timeout') {
      this.#givenUp = true;
      this.gaveUpMs = Math.max(this.gaveUpMs, timeoutMs);
    }
    return this.#witnessed(heard, startedAt);
  }

  #witnessed(heard: Heard, startedAt: number): Heard {
    if (heard.kind === 'call') this.answered = true;
    const { index: on } = this;
    const asked = { syntax: this.#syntax, askedGroup: this.#askedGroup };
    this.context.witness?.({ on, heard, ...asked, tookMs: performance.now() - startedAt });
    return heard;
  }

  async #next(timeoutMs: number): Promise<Heard> {
    const deadline = instantIn(timeoutMs);
    try {
      for (;;) {
        const bytes = await this.connection.receiveOrEnd(deadline, 'answer');
        if (bytes === null) return { kind: 'closed' };
        const pdu = decodePdu(bytes);
        if (pdu.kind === 'fault') return { kind: 'call', pdu };
        if (pdu.kind !== 'response') return { kind: 'other', pdu };
        const whole = this.#calls.push(pdu);
        if (whole === null) continue;
        this.#served = true;
        return { kind: 'call', pdu: whole };
      }
    } catch (error) {
      return silence(error);
    }
  }

  get #usualMs(): number {
    return this.context.patience?.usualMs ?? this.context.timeoutMs;
  }

  /** What comes before this side is ended, as long as more of it comes in time. */
  async #lingering(): Promise<Heard[]> {
    const heard: Heard[] = [];
    const { lingerMs = 0 } = this.context;
    while (lingerMs > 0 && this.#hasSent) {
      const startedAt = performance.now();
      const next = await this.#next(lingerMs);
      if (next.kind === 'timeout') break;
      heard.push(this.#witnessed(next, startedAt));
      if (next.kind !== 'call' && next.kind !== 'other') break;
    }
    return heard;
  }

  /** Lets the host answer what was sent, and ends this side as `finish` does. */
  async finishBehind(timeoutMs = this.#usualMs): Promise<Finished> {
    const heard = await this.#lingering();
    const last = heard.at(-1);
    if (last !== undefined && last.kind !== 'call' && last.kind !== 'other') {
      this.drop('fin');
      return { heard, released: true, served: this.served };
    }
    const rest = await this.finish(timeoutMs);
    return { ...rest, heard: [...heard, ...rest.heard] };
  }

  /** Ends this side; the host must end its own. @returns what it still said, whether it let go, and whether it had to */
  async finish(timeoutMs = this.#usualMs): Promise<Finished> {
    this.#halfClosed = true;
    const heard: Heard[] = [];
    this.connection.end();
    const deadline = performance.now() + Math.min(RELEASE_MS, timeoutMs);
    for (;;) {
      const next = await this.hear(Math.max(1, deadline - performance.now()));
      heard.push(next);
      if (next.kind === 'call' || next.kind === 'other') continue;
      if (next.kind === 'timeout') this.gaveUpMs = Math.max(this.gaveUpMs, Math.min(RELEASE_MS, timeoutMs));
      void this.connection.destroy();
      return { heard, released: next.kind !== 'timeout', served: this.served };
    }
  }

  /** Releases the socket at once: FIN, or RST. */
  drop(how: 'fin' | 'reset'): void {
    this.#halfClosed = true;
    void (how === 'reset' ? this.connection.reset() : this.connection.destroy());
  }
}

/**
 * Long enough for a host to read what came: segments that it finds together are one to it. Where time is short the timer comes
 * before a host in this process was let read; what follows at once comes behind that.
 */
const aWhile = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(() => setImmediate(resolve), milliseconds));
