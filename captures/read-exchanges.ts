import type { Readable } from 'node:stream';
import type { Exchange } from '../protocol';
import { Decoded, PacketDecoder } from './net/ip';
import { Segment } from './net/segment';
import { type Capture, type CaptureFormat, openLogged, type OpenCaptureOptions } from './open-capture';
import type { CapturedPacket } from './packet';
import { type AssociationOptions, KmsAssociation } from './rpc/association';
import { ExchangeQueue } from './rpc/exchange-queue';
import { Pairing } from './rpc/pairing';
import { ConnectionTracker } from './tcp/tracker';
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
 * their requests, each once it is answered or cannot be any more; memory depends on the connections that are open, not on the
 * size of the capture.
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
  readonly #segment = new Segment();
  readonly #decoder: PacketDecoder;
  readonly #tracker: ConnectionTracker;

  constructor(
    private readonly warnings: WarningLog,
    options: AssociationOptions,
  ) {
    this.#decoder = new PacketDecoder(warnings);
    this.#tracker = new ConnectionTracker(
      (connection) =>
        new KmsAssociation(connection, new Pairing(connection, this.#queue, warnings), warnings, options),
    );
  }

  push(packets: readonly CapturedPacket[]): void {
    for (const packet of packets) {
      if (this.#decoder.decode(packet, this.#segment) === Decoded.tcp)
        this.#tracker.take(this.#segment, packet);
    }
  }

  /** No more packets come. */
  finish(): void {
    const { givenUp, waiting } = this.#decoder.fragments;
    if (givenUp + waiting > 0) {
      this.warnings.add(0, `${givenUp + waiting} datagrams lack fragments and were not read`);
    }
    this.#tracker.finish();
  }

  take(): Exchange[] {
    return this.#queue.take();
  }
}
