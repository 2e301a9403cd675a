import type { Readable } from 'node:stream';
import type { Exchange } from '../protocol';
import type { Attempt } from './attempts/attempt';
import { AttemptLog } from './attempts/attempt-log';
import { LayerTable } from './layers/registers';
import { type Capture, type CaptureFormat, openLogged, type OpenCaptureOptions } from './open-capture';
import type { CapturedPacket } from './packet';
import { type AssociationOptions, KmsAssociation } from './rpc/association';
import { ExchangeQueue } from './rpc/exchange-queue';
import { Pairing } from './rpc/pairing';
import type { Connection } from './tcp/connection';
import { ConnectionFeed } from './tcp/connection-feed';
import type { Traffic } from './traffic';
import type { CaptureWarning, WarningLog } from './warnings';

/** How exchanges are read from a capture. */
export interface ReadExchangesOptions extends OpenCaptureOptions, AssociationOptions {
  /** UDP ports on which VXLAN is spoken, besides 4789 and 8472. */
  readonly vxlanPorts?: readonly number[] | undefined;
  /** Ends the reading, as the end of the capture would: what came by then is handed out. */
  readonly signal?: AbortSignal | undefined;
}

/** What there is to say of a capture beside its exchanges. */
export interface CaptureReport {
  readonly file: string;
  readonly format: CaptureFormat;
  readonly gzipped: boolean;
  readonly packets: number;
  readonly warnings: readonly CaptureWarning[];
}

/** The same of a capture that was read down to its connections. */
export interface TrafficReport extends CaptureReport {
  /** What the capture holds beside KMS. */
  readonly traffic: Traffic;
}

/** What a capture holds of KMS: an exchange, or a try that came to none. */
export type CaptureItem =
  | { readonly kind: 'exchange'; readonly exchange: Exchange }
  | { readonly kind: 'attempt'; readonly attempt: Attempt };

interface Reader<T> extends AsyncIterable<T> {
  /** Null until the capture was opened, that is until the iteration began; live: complete when it has ended. */
  readonly report: TrafficReport | null;
}

/** Exchanges as they are read. */
export type ExchangeReader = Reader<Exchange>;
/** Exchanges and attempts as they are read. */
export type CaptureReader = Reader<CaptureItem>;

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
  return readWith(source, options, (assembler) => {
    assembler.takeAttempts(); // nobody asks for them: they must not add up
    return assembler.take();
  });
}

/**
 * The same, and with the exchanges the tries to activate that came to none: connections that nobody took, that were refused or cut, and
 * lookups that found no host. An attempt comes when its connection has ended, or the capture has.
 * @throws as `readExchanges` does
 */
export function readCapture(source: string | Readable, options: ReadExchangesOptions = {}): CaptureReader {
  return readWith(source, options, (assembler) => [
    ...assembler.take().map((exchange): CaptureItem => ({ kind: 'exchange', exchange })),
    ...assembler.takeAttempts().map((attempt): CaptureItem => ({ kind: 'attempt', attempt })),
  ]);
}

function readWith<T>(
  source: string | Readable,
  options: ReadExchangesOptions,
  take: (assembler: ExchangeAssembler) => T[],
): Reader<T> {
  let report: TrafficReport | null = null;
  return {
    get report() {
      return report;
    },
    async *[Symbol.asyncIterator]() {
      const { capture, log } = await openLogged(source, { direct: true, ...options });
      const assembler = new ExchangeAssembler(log, options);
      report = reportOf(capture, assembler.traffic);
      for await (const batch of capture.batches()) {
        assembler.push(batch);
        yield* take(assembler);
        if (options.signal?.aborted === true) break;
      }
      assembler.finish();
      yield* take(assembler);
    },
  };
}

/** A view: its numbers grow with the capture. */
function reportOf(capture: Capture, traffic: Traffic): TrafficReport {
  const { file, format, gzipped, warnings } = capture;
  return {
    file,
    format,
    gzipped,
    warnings,
    traffic,
    get packets() {
      return capture.packets;
    },
  };
}

/** Packets in, exchanges and attempts out: the synchronous heart of `readExchanges`. */
export class ExchangeAssembler {
  readonly #queue = new ExchangeQueue();
  readonly #attempts: AttemptLog;
  readonly #feed: ConnectionFeed;

  constructor(warnings: WarningLog, options: AssociationOptions & Pick<ReadExchangesOptions, 'vxlanPorts'>) {
    this.#attempts = new AttemptLog(options.port);
    const makeReader = (connection: Connection): KmsAssociation => {
      const pairing = new Pairing(connection, this.#queue, warnings);
      return new KmsAssociation(connection, pairing, warnings, options);
    };
    this.#feed = new ConnectionFeed(warnings, makeReader, this.#attempts, new LayerTable(options.vxlanPorts));
  }

  get traffic(): Traffic {
    return this.#feed.traffic;
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

  /** Attempts that became known since the last call; who reads only exchanges does not ask for them. */
  takeAttempts(): Attempt[] {
    return this.#attempts.take();
  }
}
