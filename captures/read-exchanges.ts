import type { Readable } from 'node:stream';
import type { Exchange } from '../protocol';
import { type Capture, type CaptureFormat, openLogged, type OpenCaptureOptions } from './open-capture';
import type { CapturedPacket } from './packet';
import { type AssociationOptions, KmsAssociation } from './rpc/association';
import { ExchangeQueue } from './rpc/exchange-queue';
import { Pairing } from './rpc/pairing';
import { ConnectionFeed } from './tcp/connection-feed';
import type { CaptureWarning, WarningLog } from './warnings';

export interface ReadExchangesOptions extends OpenCaptureOptions, AssociationOptions {}

/** What there is to say of a capture beside its exchanges. */
export interface CaptureReport {
  readonly file: string;
  readonly format: CaptureFormat;
  readonly gzipped: boolean;
  readonly packets: number;
  readonly warnings: readonly CaptureWarning[];
}

/** Exchanges as they are read. `report` is live: it is complete when the iteration has ended. */
export interface ExchangeReader extends AsyncIterable<Exchange> {
  /** Null until the capture was opened, that is until the iteration began. */
  readonly report: CaptureReport | null;
}

/**
 * Reads the KMS exchanges out of a capture: pcap or pcapng, gzipped or not, a file or a stream. Exchanges come in the order of
 * their requests, each once it is answered or cannot be any more, but one that waits for its answer for more than 15 seconds lets those
 * behind it go first: `index` has the order. Memory depends on the connections that are open, not on the size of the capture.
 *
 * ```ts
 * const exchanges = readExchanges('kms.pcapng');
 * for await (const { client, answer } of exchanges) …
 * console.log(exchanges.report?.warnings);
 * ```
 * @throws CaptureError, when iterating, where the source is no capture; whatever else is wrong with it is a warning
 */
export function readExchanges(source: string | Readable, options: ReadExchangesOptions = {}): ExchangeReader {
  let report: CaptureReport | null = null;
  return {
    get report() {
      return report;
    },
    async *[Symbol.asyncIterator]() {
      const { capture, log } = await openLogged(source, { direct: true, ...options });
      report = reportOf(capture);
      const assembler = new ExchangeAssembler(log, options);
      for await (const batch of capture.batches()) {
        assembler.push(batch);
        yield* assembler.take();
      }
      assembler.finish();
      yield* assembler.take();
    },
  };
}

/** A view: its numbers grow with the capture. */
function reportOf(capture: Capture): CaptureReport {
  const { file, format, gzipped, warnings } = capture;
  return {
    file,
    format,
    gzipped,
    warnings,
    get packets() {
      return capture.packets;
    },
  };
}

/** Packets in, exchanges out: the synchronous heart of `readExchanges`. */
export class ExchangeAssembler {
  readonly #queue = new ExchangeQueue();
  readonly #feed: ConnectionFeed;

  constructor(warnings: WarningLog, options: AssociationOptions) {
    this.#feed = new ConnectionFeed(warnings, (connection) => {
      const pairing = new Pairing(connection, this.#queue, warnings);
      return new KmsAssociation(connection, pairing, warnings, options);
    });
  }

  push(packets: readonly CapturedPacket[]): void {
    this.#feed.push(packets);
  }

  /** No more packets come. */
  finish(): void {
    this.#feed.finish();
  }

  take(): Exchange[] {
    return this.#queue.take(this.#feed.nowNs);
  }
}
