import type { Exchange } from '../../protocol/exchange';
import { Defragmenter } from '../../protocol/fragments';
import type { PduOf } from '../../protocol/pdu';
import type { ContextResult } from '../../protocol/pdu-layouts';
import { RequestTemplate } from '../../protocol/request-pdu';
import type { TransferSyntax } from '../../protocol/syntax';
import { type Offer, offerAlterContext, offerBind, type OfferOptions } from './bind-offer';
import type { Outbox, Outlet } from '../support/outbox';
import type { Connection } from './connection';
import { HostFailure } from './host-failure';
import { type NegotiatedContext, NegotiatedContexts } from './negotiated-contexts';
import { negotiationAck } from './negotiate';
import {
  type AddressedCall,
  type CallOptions,
  LIKE_ALL_CALLS,
  messageCall,
  type OutgoingCall,
  stubCall,
  TemplateCall,
} from './outgoing-call';
import { PendingCall, UNSENT } from './pending-call';
import { sendSegments } from './send-segments';

/** What a bind offers, and how it is sent. */
export interface BindOptions extends OfferOptions {
  readonly timeoutMs?: number;
  /** Bytes to a write, to see that the host joins what TCP cuts. */
  readonly segmentBytes?: number;
}

/** Numbers exchanges in the order of their requests; a client shares one among its connections. */
export interface ExchangeCounter {
  next: number;
}

/** Nearly all associations ask in the same context for messages of one length: they share it, and one of a single call makes none. */
let latestTemplate: RequestTemplate | null = null;
/** Messages above this many bytes are written at once: they could fill what the system takes. */
const MOST_GATHERED = 4096;

/**
 * A DCE/RPC association on one connection (C706 12.6): what was negotiated, and calls in it. One call at a time. Every answer to a
 * call, a fault or refusal too, is an exchange; whatever else happens is a `HostFailure`.
 */
export class Association implements Outlet {
  readonly #contexts = new NegotiatedContexts();
  readonly #fragments = new Defragmenter<'response'>();
  #callId: number;
  /** The call that is on its way to be written. */
  #unsent: PendingCall | null = null;

  private constructor(
    readonly connection: Connection,
    offer: Offer,
    /** The host's bind_ack, decoded. */
    readonly bindAck: PduOf<'bindAck'>,
    private readonly counter: ExchangeCounter,
  ) {
    this.#callId = offer.callId;
    this.#contexts.take(offer, bindAck);
  }

  /**
   * Sends a bind and takes its bind_ack. The association comes to be even where no context was accepted: see `accepted`.
   * @throws HostFailure `rejected` for a bind_nak
   */
  static bind(
    connection: Connection,
    options: BindOptions = {},
    counter: ExchangeCounter = { next: 0 },
  ): Promise<Association> {
    return Association.offered(connection, offerBind(options), options, counter);
  }

  /** As `bind`, with an offer that is made already. */
  static async offered(
    connection: Connection,
    offer: Offer,
    { segmentBytes, timeoutMs }: BindOptions = {},
    counter: ExchangeCounter = { next: 0 },
  ): Promise<Association> {
    await sendSegments(connection, offer.pdu, segmentBytes, { stage: 'bind' });
    return Association.answered(connection, offer, timeoutMs, counter);
  }

  /** Takes the bind_ack to an offer that was sent by other means, such as in one segment with a request. */
  static async answered(
    connection: Connection,
    offer: Offer,
    timeoutMs = connection.timeoutMs,
    counter: ExchangeCounter = { next: 0 },
  ): Promise<Association> {
    const ack = await negotiationAck(connection, offer, timeoutMs);
    return new Association(connection, offer, ack as PduOf<'bindAck'>, counter);
  }

  /** Every context offered so far with what the host made of it last. */
  get contexts(): readonly NegotiatedContext[] {
    return this.#contexts.all;
  }

  /** What the host answered to the bind, in the order of the contexts. */
  get results(): readonly ContextResult[] {
    return this.bindAck.body.results;
  }

  /** The context that calls go to: the last one to be accepted by an alter_context, else the first of the bind. */
  get accepted(): NegotiatedContext | null {
    return this.#contexts.accepted;
  }

  /** How stubs are laid out. @throws HostFailure `rejected` where no context was accepted */
  get transferSyntax(): TransferSyntax {
    return this.#contexts.current(this.connection.endpoint).layout;
  }

  /**
   * Offers further contexts, NDR32 unless told otherwise; later calls go to the first of them that is accepted.
   * @returns the results in the order offered
   */
  async alterContext(options: BindOptions = {}): Promise<readonly ContextResult[]> {
    const { segmentBytes, timeoutMs = this.connection.timeoutMs } = options;
    const offer = offerAlterContext({ callId: this.#callId, ...options });
    await sendSegments(this.connection, offer.pdu, segmentBytes, { stage: 'alter-context' });
    const ack = await negotiationAck(this.connection, offer, timeoutMs);
    this.#contexts.take(offer, ack);
    return ack.body.results;
  }

  /** Sends a KMS message, whatever it holds, and takes the answer. */
  call(message: Uint8Array, options: CallOptions = LIKE_ALL_CALLS): Promise<Exchange> {
    const { outbox, ready } = this.connection;
    if (options === LIKE_ALL_CALLS && outbox !== undefined && ready && message.length <= MOST_GATHERED) {
      return this.#gathered(this.prepare(message), outbox);
    }
    return this.exchange(this.prepare(message, options), options);
  }

  /** Sends a stub, whatever it holds, and takes the answer. */
  callStub(stub: Uint8Array, options: CallOptions = {}): Promise<Exchange> {
    return this.exchange(stubCall(stub, this.#addressed(options)), options);
  }

  /** The PDUs of a call, for who sends them by other means and then calls `answerTo`. */
  prepare(message: Uint8Array, options: CallOptions = LIKE_ALL_CALLS): OutgoingCall {
    if (options === LIKE_ALL_CALLS) {
      return new TemplateCall(this.#templateFor(message.length), message, this.#nextCallId());
    }
    return messageCall(message, this.#addressed(options));
  }

  exchange(call: OutgoingCall, options: CallOptions = LIKE_ALL_CALLS): Promise<Exchange> {
    const { pdus } = call;
    const bytes = pdus.length === 1 ? pdus[0]! : Buffer.concat(pdus);
    const timeoutMs = options.timeoutMs ?? this.connection.timeoutMs;
    const wait = { stage: 'request', timeoutMs } as const;
    const sending = sendSegments(this.connection, bytes, options.segmentBytes, wait);
    return sending === null
      ? this.answerTo(call, this.connection.time.nowNs(), timeoutMs)
      : this.#answerBehind(sending, call, timeoutMs);
  }

  /** Waits for the answer from now on; the request goes out now, or at the end of the turn with those of other connections. */
  #gathered(call: OutgoingCall, outbox: Outbox): Promise<Exchange> {
    const { connection } = this;
    const pending = new PendingCall(connection, call, this.counter.next++, UNSENT, this.#fragments);
    this.#unsent = pending;
    connection.unsent = true;
    // Written first where it is written at once: what is there already may end the wait.
    outbox.write(this, call.pdus[0]!);
    return connection.receiveWanted(pending, connection.timeoutMs, 'answer');
  }

  /** For the outbox. Where the connection is over by now, the wait for the answer tells. */
  writeNow(bytes: Uint8Array): void {
    const { connection } = this;
    connection.unsent = false;
    connection.write(bytes)?.catch(() => undefined);
    this.#unsent!.requestedAt = connection.time.nowNs();
    this.#unsent = null;
  }

  async #answerBehind(sending: Promise<void>, call: OutgoingCall, timeoutMs: number): Promise<Exchange> {
    try {
      await sending;
    } catch (error) {
      throw error instanceof HostFailure ? error.with({ sent: call.pdus }) : error;
    }
    return this.answerTo(call, this.connection.time.nowNs(), timeoutMs);
  }

  /** Takes the answer to a call that has been sent. One deadline holds for all of its fragments. @param requestedAt ns since 1970-01-01 UTC */
  answerTo(
    call: OutgoingCall,
    requestedAt: bigint,
    timeoutMs = this.connection.timeoutMs,
  ): Promise<Exchange> {
    if (this.#fragments.pending) this.#fragments.reset();
    const pending = new PendingCall(this.connection, call, this.counter.next++, requestedAt, this.#fragments);
    return this.connection.receiveWanted(pending, timeoutMs, 'answer');
  }

  #templateFor(messageSize: number): RequestTemplate {
    const { contextId, layout } = this.#contexts.current(this.connection.endpoint);
    const kept = latestTemplate;
    if (
      kept?.messageSize !== messageSize ||
      kept.to.contextId !== contextId ||
      kept.to.transferSyntax !== layout
    ) {
      const to = { contextId, transferSyntax: layout, bigEndian: false, opnum: 0 };
      return (latestTemplate = new RequestTemplate(to, messageSize));
    }
    return kept;
  }

  #addressed(options: CallOptions): AddressedCall {
    const contexts = this.#contexts;
    const named =
      options.contextId === undefined
        ? contexts.current(this.connection.endpoint)
        : contexts.byId(options.contextId);
    return {
      ...options,
      callId: options.callId ?? this.#nextCallId(),
      contextId: options.contextId ?? named!.contextId,
      transferSyntax: options.transferSyntax ?? named?.layout ?? this.accepted?.layout ?? 'ndr32',
    };
  }

  /** Recorded clients count on from the bind's number; the first request carries the bind's own. */
  #nextCallId(): number {
    const callId = this.#callId;
    this.#callId = (this.#callId + 1) >>> 0;
    return callId;
  }
}
