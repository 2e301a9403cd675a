import type { Answer, Exchange, ExchangeRequest, Sighting, TransferSyntax } from '../../protocol';
import type { PacketMark } from '../packet';

/** The connection on which a call was seen. */
export type Place = Pick<Exchange, 'connection' | 'client' | 'host'>;

/** The octets of a call, and what they say. */
interface Content {
  readonly request: ExchangeRequest;
  readonly sent: readonly Uint8Array[];
  answer: Answer | null;
  received: readonly Uint8Array[];
}

/** A call that was made: it becomes an exchange once it is answered, or cannot be any more. */
export class RecordedCall {
  /** In the order of the requests; the queue gives it. */
  index = 0;
  answeredAt: bigint | null = null;
  #done = false;
  /** Null once it was handed out: thousands are remembered, by when and where they were seen. */
  #content: Content | null;
  /** The same request at other places. */
  readonly #others: RecordedCall[] = [];

  constructor(
    readonly mark: PacketMark,
    readonly callId: number,
    readonly syntax: TransferSyntax,
    readonly place: Place,
    private readonly contextId: number,
    request: ExchangeRequest,
    sent: readonly Uint8Array[],
  ) {
    this.#content = { request, sent, answer: null, received: [] };
  }

  /** Of a call that was not handed out yet. */
  get requestBytes(): Uint8Array {
    return this.#content!.request.bytes;
  }

  /** Every place at which the request was seen so far. */
  get places(): Place[] {
    return [this.place, ...this.#others.map(({ place }) => place)];
  }

  get placeCount(): number {
    return 1 + this.#others.length;
  }

  /** Nothing more is to come, at none of the places. */
  get settled(): boolean {
    return this.#done && this.#others.every((other) => other.settled);
  }

  settle(answer: Answer, answeredAt: bigint, received: readonly Uint8Array[]): void {
    this.#done = true;
    this.answeredAt = answeredAt;
    if (this.#content !== null) Object.assign(this.#content, { answer, received });
  }

  /** No answer can come any more. */
  giveUp(): void {
    this.#done = true;
  }

  addSighting(call: RecordedCall): void {
    this.#others.push(call);
  }

  /** Once: what was seen first tells the exchange; an answer that only another place shows is the answer all the same. */
  toExchange(): Exchange {
    const all = [this, ...this.#others];
    const answered = all.find((call) => call.#content!.answer !== null) ?? this;
    const { request, sent } = this.#content!;
    const { answer, received } = answered.#content!;
    const exchange = {
      index: this.index,
      ...this.place,
      requestedAt: this.mark.timestampNs,
      answeredAt: answered.answeredAt,
      callId: this.callId,
      contextId: this.contextId,
      transferSyntax: this.syntax,
      request,
      answer,
      pdus: { sent, received },
    };
    for (const call of all) call.#content = null;
    return all.length === 1 ? exchange : { ...exchange, sightings: all.map((call) => call.#sighting()) };
  }

  #sighting(): Sighting {
    return { ...this.place, requestedAt: this.mark.timestampNs, answeredAt: this.answeredAt };
  }
}
