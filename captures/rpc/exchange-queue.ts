import type { Answer, Exchange, ExchangeRequest, TransferSyntax } from '../../protocol';
import type { PacketMark } from '../packet';

/** Calls that may be held back so that exchanges come in the order of their requests. */
const MAX_HELD = 1024;
/** Nor may a host that never answers hold back what is watched while it happens: a request lives 15 seconds. */
const MAX_HELD_NS = 15_000_000_000n;

/** A call that was made: it becomes an exchange once it is answered, or cannot be any more. */
export class RecordedCall {
  settled = false;
  private answer: Answer | null = null;
  private answeredAt: bigint | null = null;
  private received: readonly Uint8Array[] = [];

  constructor(
    private readonly index: number,
    readonly mark: PacketMark,
    readonly callId: number,
    readonly syntax: TransferSyntax,
    private readonly known: Pick<Exchange, 'connection' | 'client' | 'host' | 'contextId'>,
    private readonly request: ExchangeRequest,
    private readonly sent: readonly Uint8Array[],
  ) {}

  settle(answer: Answer, answeredAt: bigint, received: readonly Uint8Array[]): void {
    this.settled = true;
    this.answer = answer;
    this.answeredAt = answeredAt;
    this.received = received;
  }

  /** No answer can come any more. */
  giveUp(): void {
    this.settled = true;
  }

  toExchange(): Exchange {
    return {
      index: this.index,
      ...this.known,
      requestedAt: this.mark.timestampNs,
      answeredAt: this.answeredAt,
      callId: this.callId,
      transferSyntax: this.syntax,
      request: this.request,
      answer: this.answer,
      pdus: { sent: this.sent, received: this.received },
    };
  }
}

/**
 * Puts exchanges in the order of their requests, across connections. A call that waits for its answer holds back those
 * behind it, but for no longer than a request lives and no more than a thousand: then those that are ready go first.
 */
export class ExchangeQueue {
  #calls: RecordedCall[] = [];
  #opened = 0;

  /** Takes a call in; `make` gets its index. */
  open(make: (index: number) => RecordedCall): RecordedCall {
    const call = make(this.#opened++);
    this.#calls.push(call);
    return call;
  }

  /**
   * The exchanges that may be handed out now.
   * @param nowNs the capture's clock: since 1970-01-01 UTC
   */
  take(nowNs: bigint): Exchange[] {
    const calls = this.#calls;
    const held = calls.findIndex((call) => !call.settled && nowNs - call.mark.timestampNs <= MAX_HELD_NS);
    const holds = held >= 0 && calls.length - held <= MAX_HELD;
    if (holds && held === 0) return [];
    const end = holds ? held : calls.length;
    const passed = calls.slice(0, end);
    this.#calls = passed.filter((call) => !call.settled).concat(calls.slice(end));
    return passed.filter((call) => call.settled).map((call) => call.toExchange());
  }
}
