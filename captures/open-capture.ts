import type { Readable } from 'node:stream';
import { CaptureError } from './capture-error';
import { type ByteSource, openBytes } from './file/bytes-source';
import { BombError, GunzipError } from './file/gunzip';
import { recognise } from './file/known-files';
import { isPcapMagic } from './file/pcap-header';
import { readPcap } from './file/pcap-reader';
import { isPcapngMagic, readPcapng } from './file/pcapng-reader';
import type { CapturedPacket } from './packet';
import { type CaptureWarning, WarningLog } from './warnings';

/** Format of a capture file. */
export type CaptureFormat = 'pcap' | 'pcapng';

/** How a capture is opened. */
export interface OpenCaptureOptions {
  /** What errors call the source; by default its path, or `-` for a stream. */
  readonly name?: string;
  /**
   * Classic pcap goes round pcap-parser: the same packets, sooner, but `data` is valid only until the next batch is asked
   * for. `readExchanges` does so.
   */
  readonly direct?: boolean;
}

/**
 * A capture that is being read, once: iterate over it, or over `batches()`, which is quicker. Ending the
 * iteration early releases the file; `close()` does where it never began.
 */
export interface Capture extends AsyncIterable<CapturedPacket> {
  readonly file: string;
  readonly format: CaptureFormat;
  readonly gzipped: boolean;
  /** Grows while the capture is read; complete at its end. */
  readonly warnings: readonly CaptureWarning[];
  /** Packets handed out so far. */
  readonly packets: number;
  /** Packets in the order of the file, many at a time: one `await` a packet costs more than reading it. */
  batches(): AsyncGenerator<CapturedPacket[], void, undefined>;
  close(): Promise<void>;
}

/**
 * Opens a capture: classic pcap or pcapng, gzipped or not, from a file or a stream. A file that is cut or damaged yields
 * every whole packet before that place, then a warning with the byte offset.
 * @throws CaptureError `unreadable`, `empty`, `not-a-capture`; while iterating also `truncated-header` and `unsupported`
 */
export async function openCapture(
  source: string | Readable,
  options: OpenCaptureOptions = {},
): Promise<Capture> {
  return (await openLogged(source, options)).capture;
}

/** As `openCapture`, with the log that its warnings go to: for what reads on above the packets. */
export async function openLogged(
  source: string | Readable,
  options: OpenCaptureOptions = {},
): Promise<{ capture: Capture; log: WarningLog }> {
  const file = options.name ?? (typeof source === 'string' ? source : '-');
  let bytes: ByteSource;
  try {
    bytes = await openBytes(source, file);
  } catch (error) {
    throw error instanceof GunzipError ? damagedGzip(error, file) : error;
  }
  const format = isPcapMagic(bytes.start) ? 'pcap' : isPcapngMagic(bytes.start) ? 'pcapng' : null;
  if (format === null) {
    await bytes.close();
    throw notACapture(bytes.start, file);
  }
  const log = new WarningLog();
  return { capture: new OpenedCapture(file, format, bytes, log, options.direct ?? false), log };
}

class OpenedCapture implements Capture {
  packets = 0;

  constructor(
    readonly file: string,
    readonly format: CaptureFormat,
    private readonly bytes: ByteSource,
    private readonly log: WarningLog,
    private readonly direct: boolean,
  ) {}

  get gzipped(): boolean {
    return this.bytes.gzipped;
  }

  get warnings(): readonly CaptureWarning[] {
    return this.log.list;
  }

  async *batches(): AsyncGenerator<CapturedPacket[], void, undefined> {
    const { file, log } = this;
    const chunks = this.#chunks();
    try {
      const batches =
        this.format === 'pcap' ? readPcap(chunks, file, log, this.direct) : readPcapng(chunks, file, log);
      for await (const batch of batches) {
        this.packets += batch.length;
        yield batch;
      }
    } finally {
      await this.close();
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<CapturedPacket, void, undefined> {
    for await (const batch of this.batches()) yield* batch;
  }

  close(): Promise<void> {
    return this.bytes.close();
  }

  /** The content; gzip that breaks off ends it, with a warning. */
  async *#chunks(): AsyncGenerator<Buffer, void, undefined> {
    let offset = 0;
    try {
      for await (const chunk of this.bytes.chunks) {
        offset += chunk.length;
        yield chunk;
      }
    } catch (error) {
      if (error instanceof BombError) throw bomb(error, this.file, offset);
      if (!(error instanceof GunzipError)) throw error;
      this.log.add(offset, `the gzipped data is cut or damaged (${error.message}): read up to here`);
    }
  }
}

function notACapture(start: Buffer, file: string): CaptureError {
  if (start.length === 0) {
    const problem = 'the file is empty; record the capture anew';
    return new CaptureError({ code: 'empty', file, offset: 0, problem });
  }
  const known = recognise(start, file);
  if (known !== null) {
    const problem = `this is ${known.kind}, which is not read; ${known.todo}`;
    return new CaptureError({ code: 'unsupported', file, offset: 0, problem });
  }
  const problem = `this is neither pcap nor pcapng (it starts with ${start.subarray(0, 4).toString('hex')}); check that the right file is named`;
  return new CaptureError({ code: 'not-a-capture', file, offset: 0, problem });
}

function bomb(error: BombError, file: string, offset: number): CaptureError {
  const problem = `${error.message}, as no recording does; if it is one all the same: gunzip -c FILE | kmsspec inspect -, or name what gunzip leaves`;
  return new CaptureError({ code: 'unsupported', file, offset, problem }, { cause: error });
}

function damagedGzip(error: GunzipError, file: string): CaptureError {
  const problem = `the gzipped data is damaged from its start (${error.message}); unpack it with gunzip to see more`;
  return new CaptureError({ code: 'not-a-capture', file, offset: 0, problem }, { cause: error });
}
