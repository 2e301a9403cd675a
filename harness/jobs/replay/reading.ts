import type { Readable } from 'node:stream';
import type { CaptureReport } from '../../../captures';
import { type Capture, openLogged } from '../../../captures/open-capture';
import { type AssociationOptions, KmsAssociation } from '../../../captures/rpc/association';
import { ExchangeQueue } from '../../../captures/rpc/exchange-queue';
import { Pairing } from '../../../captures/rpc/pairing';
import { ConnectionFeed } from '../../../captures/tcp/connection-feed';
import type { Exchange } from '../../../protocol';
import { ConnectionTurns, type RecordedTurn } from './turns';

/** Exchanges are handed out after every so many packets, however these come in blocks: each reading has them in the same order. */
const PACKETS_A_TURN = 256;

/** A recorded exchange, and what led to it. */
export interface RecordedRequest {
  readonly exchange: Exchange;
  /**
   * What its client sent on its connection since the request before it: binds, alter_contexts and the PDUs of the request, of which the last
   * is the last here.
   */
  readonly turns: readonly RecordedTurn[];
}

/** How a recording is read. */
export interface ReadingOptions extends AssociationOptions {
  readonly name?: string;
  /** Ends the reading, as the end of the recording would. */
  readonly signal?: AbortSignal | undefined;
  /** Reads no more packets than these. */
  readonly packets?: number;
}

/**
 * One reading of a capture, from its start to its end: exchanges as `readExchanges` hands them out, some at a time, each with the PDUs that
 * led to it.
 */
export class Reading implements AsyncIterable<readonly RecordedRequest[]> {
  /** The recorded host accepted NDR64 in some bind, as far as it was read. */
  acceptedNdr64 = false;
  packets = 0;
  #capture: Capture | null = null;

  constructor(
    private readonly source: string | Readable,
    private readonly options: ReadingOptions,
  ) {}

  /** What there is to say of the capture when it was read. */
  get report(): CaptureReport {
    const { file, format, gzipped, warnings } = this.#capture!;
    return { file, format, gzipped, warnings, packets: this.packets };
  }

  /** @throws CaptureError as `readExchanges` does */
  async *[Symbol.asyncIterator](): AsyncGenerator<RecordedRequest[], void, undefined> {
    const { signal, packets: most = Infinity, ...options } = this.options;
    const { capture, log } = await openLogged(this.source, { ...options, direct: true });
    this.#capture = capture;
    const queue = new ExchangeQueue();
    // A request is known by its last PDU, which its exchange has too.
    const turnsOf = new WeakMap<Uint8Array, readonly RecordedTurn[]>();
    const found = {
      request: (lastPdu: Uint8Array, turns: readonly RecordedTurn[]) => void turnsOf.set(lastPdu, turns),
      acceptedNdr64: () => void (this.acceptedNdr64 = true),
    };
    const feed = new ConnectionFeed(log, (connection) => {
      const { listener } = new ConnectionTurns(new Pairing(connection, queue, log), found);
      return new KmsAssociation(connection, listener, log, options);
    });
    const taken = (): RecordedRequest[] =>
      queue.take(feed.nowNs).map((exchange) => {
        const sent = exchange.pdus.sent.at(-1)!;
        return { exchange, turns: turnsOf.get(sent) ?? [{ sent, received: [] }] };
      });
    for await (const batch of capture.batches()) {
      for (let at = 0; at < batch.length && this.packets < most; ) {
        const left = PACKETS_A_TURN - (this.packets % PACKETS_A_TURN);
        const some = batch.slice(at, at + Math.min(left, most - this.packets));
        feed.push(some);
        at += some.length;
        this.packets += some.length;
        if (this.packets % PACKETS_A_TURN === 0) yield taken();
      }
      if (this.packets >= most || signal?.aborted === true) break;
    }
    feed.finish();
    yield taken();
  }
}
