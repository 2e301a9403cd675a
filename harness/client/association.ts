import { readAnswer } from '../../protocol/call';
import { ProtocolError } from '../../protocol/errors';
import type { Exchange } from '../../protocol/exchange';
import { Defragmenter } from '../../protocol/fragments';
import { decodePdu, type Pdu, type PduOf } from '../../protocol/pdu';
import { CONTEXT_RESULT, type ContextResult } from '../../protocol/pdu-layouts';
import { type TransferSyntax, transferSyntaxOf } from '../../protocol/syntax';
import { type Offer, offerAlterContext, offerBind, offeredSyntax, type OfferOptions } from './bind-offer';
import type { Connection, WaitOptions } from './connection';
import { type Instant, instantIn } from './deadline';
import { bindNakName, HostFailure, type Stage } from './host-failure';
import { type CallOptions, messageCall, type OutgoingCall, stubCall } from './outgoing-call';
import { OwnRequest } from './own-request';

export interface BindOptions extends OfferOptions {
  readonly timeoutMs?: number;
  /** Bytes to a write, to see that the host joins what TCP cuts. */
  readonly segmentBytes?: number;
}

/** A context that was offered, and what the host made of it. */
export interface NegotiatedContext {
  readonly contextId: number;
  readonly result: ContextResult;
  /** Set where the context was accepted with a stub layout that this project knows. */
  readonly transferSyntax: TransferSyntax | null;
  /** What a stub in it is laid out in, accepted or not. */
  readonly layout: TransferSyntax;
}

/** Numbers exchanges in the order of their requests; a client shares one among its connections. */
export interface ExchangeCounter {
  next: number;
}

/**
 * A DCE/RPC association on one connection (C706 12.6): what was negotiated, and calls in it. One call at a time. Every answer to a
 * call, a fault or refusal too, is an exchange; whatever else happens is a `HostFailure`.
 */
export class Association {
  readonly #contexts = new Map<number, NegotiatedContext>();
  #callId: number;
  #ack: PduOf<'bindAck'>;
  #defragmenter = new Defragmenter<'response'>();

  private constructor(
    readonly connection: Connection,
    offer: Offer,
    ack: PduOf<'bindAck'>,
    private readonly counter: ExchangeCounter,
  ) {
    this.#callId = offer.callId;
    this.#ack = ack;
    this.#take(offer, ack);
  }

  /**
   * Sends a bind and takes its bind_ack. The association comes to be even where no context was accepted: see `accepted`.
   * @throws HostFailure `rejected` for a bind_nak
   */
  static async bind(
    connection: Connection,
    options: BindOptions = {},
    counter: ExchangeCounter = { next: 0 },
  ): Promise<Association> {
    const offer = offerBind(options);
    await send(connection, offer.pdu, options.segmentBytes, 'bind');
    return Association.answered(connection, offer, options.timeoutMs, counter);
  }

  /** Takes the bind_ack to an offer that was sent by other means, such as in one segment with a request. */
  static async answered(
    connection: Connection,
    offer: Offer,
    timeoutMs = connection.timeoutMs,
    counter: ExchangeCounter = { next: 0 },
  ): Promise<Association> {
    const ack = await negotiated(connection, offer, 'bindAck', timeoutMs);
    return new Association(connection, offer, ack as PduOf<'bindAck'>, counter);
  }

  /** The host's bind_ack, decoded. */
  get bindAck(): PduOf<'bindAck'> {
    return this.#ack;
  }

  /** Every context offered so far with what the host made of it last. */
  get contexts(): readonly NegotiatedContext[] {
    return [...this.#contexts.values()];
  }

  /** What the host answered to the bind, in the order of the contexts. */
  get results(): readonly ContextResult[] {
    return this.#ack.body.results;
  }

  /** The context that calls go to: the last one to be accepted by an alter_context, else the first of the bind. */
  accepted: NegotiatedContext | null = null;

  /** How stubs are laid out. @throws HostFailure `rejected` where no context was accepted */
  get transferSyntax(): TransferSyntax {
    return this.#context().layout;
  }

  /**
   * Offers further contexts, NDR32 unless told otherwise; later calls go to the first of them that is accepted.
   * @returns the results in the order offered
   */
  async alterContext(options: BindOptions = {}): Promise<readonly ContextResult[]> {
    const offer = offerAlterContext({ callId: this.#callId, ...options });
    await send(this.connection, offer.pdu, options.segmentBytes, 'alter-context');
    const timeoutMs = options.timeoutMs ?? this.connection.timeoutMs;
    const ack = await negotiated(this.connection, offer, 'alterContextResp', timeoutMs);
    this.#take(offer, ack);
    return ack.body.results;
  }

  /** Sends a KMS message, whatever it holds, and takes the answer. */
  call(message: Uint8Array, options: CallOptions = {}): Promise<Exchange> {
    return this.exchange(this.prepare(message, options), options);
  }

  /** Sends a stub, whatever it holds, and takes the answer. */
  callStub(stub: Uint8Array, options: CallOptions = {}): Promise<Exchange> {
    return this.exchange(stubCall(stub, this.#addressed(options)), options);
  }

  /** The PDUs of a call, for who sends them by other means and then calls `answerTo`. */
  prepare(message: Uint8Array, options: CallOptions = {}): OutgoingCall {
    return messageCall(message, this.#addressed(options));
  }

  async exchange(call: OutgoingCall, options: CallOptions = {}): Promise<Exchange> {
    const { pdus } = call;
    const bytes = pdus.length === 1 ? pdus[0]! : Buffer.concat(pdus);
    const timeoutMs = options.timeoutMs ?? this.connection.timeoutMs;
    try {
      await send(this.connection, bytes, options.segmentBytes, 'request', timeoutMs);
    } catch (error) {
      throw error instanceof HostFailure ? error.with({ sent: pdus }) : error;
    }
    return await this.answerTo(call, this.connection.time.nowNs(), timeoutMs);
  }

  /** Takes the answer to a call that has been sent. @param requestedAt ns since 1970-01-01 UTC */
  async answerTo(
    call: OutgoingCall,
    requestedAt: bigint,
    timeoutMs = this.connection.timeoutMs,
  ): Promise<Exchange> {
    const index = this.counter.next++;
    const received: Uint8Array[] = [];
    const answer = await this.#receiveAnswer(call, received, instantIn(timeoutMs));
    const { connection } = this;
    return {
      index,
      connection: connection.index,
      client: connection.client,
      host: connection.host,
      requestedAt,
      answeredAt: connection.time.nowNs(),
      callId: call.callId,
      contextId: call.contextId,
      transferSyntax: call.transferSyntax,
      request: new OwnRequest(call),
      answer: readAnswer(answer, call.transferSyntax),
      pdus: { sent: call.pdus, received },
    };
  }

  /** Joins the fragments of the answer. One deadline holds for all of them. */
  async #receiveAnswer(
    call: OutgoingCall,
    received: Uint8Array[],
    deadline: Instant,
  ): Promise<PduOf<'response'> | PduOf<'fault'>> {
    this.#defragmenter.reset();
    try {
      for (;;) {
        const bytes = await this.connection.receiveUntil(deadline, 'answer');
        received.push(bytes);
        const pdu = decoded(this.connection, bytes, 'answer');
        this.#checkAnswer(pdu, call);
        if (pdu.kind === 'fault') return pdu;
        const whole = this.#defragmenter.push(pdu as PduOf<'response'>);
        if (whole !== null) return whole;
      }
    } catch (error) {
      throw this.#answerFailure(error).with({ sent: call.pdus, received });
    }
  }

  #answerFailure(error: unknown): HostFailure {
    if (error instanceof HostFailure) return error;
    if (!(error instanceof ProtocolError)) throw error;
    return this.connection.failure(
      'garbage',
      'answer',
      `sent fragments that do not join (${error.message})`,
      error,
    );
  }

  #checkAnswer(pdu: Pdu, call: OutgoingCall): void {
    if ((pdu.kind === 'response' || pdu.kind === 'fault') && pdu.header.callId === call.callId) return;
    throw unexpected(this.connection, 'answer', `a response or fault to call ${call.callId}`, pdu);
  }

  #take({ contexts, kind }: Offer, ack: PduOf<'bindAck'> | PduOf<'alterContextResp'>): void {
    const fresh = contexts.map((context, i): NegotiatedContext => {
      const result = ack.body.results[i]!;
      const isAccepted = result.result === CONTEXT_RESULT.acceptance;
      const transferSyntax = isAccepted ? (transferSyntaxOf(result.transferSyntax) ?? null) : null;
      const layout = transferSyntax ?? offeredSyntax(context) ?? 'ndr32';
      return { contextId: context.contextId, result, transferSyntax, layout };
    });
    for (const context of fresh) this.#contexts.set(context.contextId, context);
    const first = fresh.find(({ transferSyntax }) => transferSyntax !== null) ?? null;
    if (kind === 'bind' || first !== null) this.accepted = first;
  }

  #addressed(
    options: CallOptions,
  ): CallOptions & Required<Pick<CallOptions, 'callId' | 'contextId' | 'transferSyntax'>> {
    const named = options.contextId === undefined ? this.#context() : this.#contexts.get(options.contextId);
    return {
      ...options,
      callId: options.callId ?? this.#nextCallId(),
      contextId: options.contextId ?? named!.contextId,
      transferSyntax: options.transferSyntax ?? named?.layout ?? this.accepted?.layout ?? 'ndr32',
    };
  }

  #context(): NegotiatedContext {
    if (this.accepted !== null) return this.accepted;
    const results = this.contexts.map(({ result }) => result);
    throw new HostFailure({
      kind: 'rejected',
      stage: 'bind',
      endpoint: this.connection.endpoint,
      what: `accepted no presentation context (${results.map(describeResult).join(', ')})`,
      rejection: { results },
    });
  }

  /** Recorded clients count on from the bind's number; the first request carries the bind's own. */
  #nextCallId(): number {
    const callId = this.#callId;
    this.#callId = (this.#callId + 1) >>> 0;
    return callId;
  }
}

/** Receives what answers a bind or alter_context. */
async function negotiated(
  connection: Connection,
  offer: Offer,
  wanted: 'bindAck' | 'alterContextResp',
  timeoutMs: number,
): Promise<PduOf<'bindAck'> | PduOf<'alterContextResp'>> {
  const stage = offer.kind === 'bind' ? 'bind' : 'alter-context';
  const received: Uint8Array[] = [];
  try {
    const bytes = await connection.receive({ timeoutMs, stage });
    received.push(bytes);
    const pdu = decoded(connection, bytes, stage);
    if (pdu.kind === 'bindNak') throw refusedBind(connection, pdu, stage);
    if (pdu.kind !== wanted || pdu.header.callId !== offer.callId) {
      throw unexpected(connection, stage, `${wanted} to call ${offer.callId}`, pdu);
    }
    checkResultCount(connection, pdu, offer, stage);
    return pdu;
  } catch (error) {
    throw error instanceof HostFailure ? error.with({ sent: [offer.pdu], received }) : error;
  }
}

function refusedBind(connection: Connection, { body }: PduOf<'bindNak'>, stage: Stage): HostFailure {
  return new HostFailure({
    kind: 'rejected',
    stage,
    endpoint: connection.endpoint,
    what: `refused the association (bind_nak: ${bindNakName(body.reason)})`,
    rejection: { bindNak: body.reason },
  });
}

function checkResultCount(
  connection: Connection,
  { kind, body }: PduOf<'bindAck'> | PduOf<'alterContextResp'>,
  { contexts }: Offer,
  stage: Stage,
): void {
  if (body.results.length === contexts.length) return;
  const error = new ProtocolError({
    code: 'bad-value',
    path: `rpc.${kind}.resultCount`,
    offset: 0,
    expected: `${contexts.length}, one for each context`,
    actual: `${body.results.length}`,
  });
  throw connection.failure('garbage', stage, `answered another number of contexts (${error.message})`, error);
}

function decoded(connection: Connection, bytes: Uint8Array, stage: Stage): Pdu {
  try {
    return decodePdu(bytes);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw connection.failure('garbage', stage, `sent a PDU that does not decode (${error.message})`, error);
  }
}

function unexpected(connection: Connection, stage: Stage, wanted: string, pdu: Pdu): HostFailure {
  const got = pdu.kind === 'unknown' ? `a PDU of ptype ${pdu.header.ptype}` : `${pdu.kind}`;
  const what = `sent ${got} of call ${pdu.header.callId} instead of ${wanted}`;
  return connection.failure('unexpected-pdu', stage, what);
}

const describeResult = ({ result, reason }: ContextResult): string => `result ${result} reason ${reason}`;

/** Sends in one write, or in pieces of `segmentBytes`. */
function send(
  connection: Connection,
  bytes: Uint8Array,
  segmentBytes: number | undefined,
  stage: Stage,
  timeoutMs = connection.timeoutMs,
): Promise<void> {
  const options = { stage, timeoutMs };
  return segmentBytes === undefined
    ? connection.send(bytes, options)
    : sendInSegments(connection, bytes, segmentBytes, options);
}

/** Each piece goes out as a segment of its own, since the socket delays nothing and the turn of the loop ends. */
async function sendInSegments(
  connection: Connection,
  bytes: Uint8Array,
  segmentBytes: number,
  options: WaitOptions,
): Promise<void> {
  for (let at = 0; at < bytes.length; at += segmentBytes) {
    await connection.send(bytes.subarray(at, at + segmentBytes), options);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
