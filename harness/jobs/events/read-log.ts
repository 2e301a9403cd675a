import { createReadStream } from 'node:fs';
import { TextDecoder } from 'node:util';
import { encodingOf, singleBytes, type TextEncoding } from './decode-text';
import { EventCollector, type LogContent } from './event-collector';
import { EventLogError } from './event-error';
import { EvtxReader, isEvtx } from './evtx';
import { knownFile } from './known-files';
import type { LogReader, RecordSink } from './log-record';
import { Notices } from './notices';
import { CsvReader, delimiterOf } from './read-csv';
import { JsonReader } from './read-json';
import { TextReader } from './read-text';
import { XmlReader } from './read-xml';
import { whyUnreadable } from '../../support/why-unreadable';

/** A form of the Windows event log that is read. */
export type LogFormat = 'evtx' | 'xml' | 'json' | 'csv' | 'text';

/** An event log that was read: its events, and what could not be read of it. */
export interface EventLog extends LogContent {
  readonly file: string;
  readonly format: LogFormat;
  /** Each kind once. */
  readonly warnings: readonly string[];
}

const PIECE = 1 << 18;
/** A file is told by its beginning. */
const LOOKED_AT = 1 << 16;

/**
 * Reads a log "Key Management Service" as people export it: the .evtx itself, XML, JSON, CSV or text. The file is read in pieces: memory
 * depends on the events of requests in it, not on its size.
 * @throws EventLogError where the file cannot be read, is no log, or has requests of which none can be read
 */
export async function readEventLog(file: string): Promise<EventLog> {
  const parser = new LogParser(file);
  try {
    for await (const piece of createReadStream(file, { highWaterMark: PIECE })) parser.push(piece as Buffer);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || error instanceof EventLogError) throw error;
    throw new EventLogError(file, '', `cannot be read (${whyUnreadable(error)})`);
  }
  return parser.end();
}

/**
 * Reads a whole event log whose bytes are at hand; {@link readEventLog} reads a file piece by piece.
 * @throws EventLogError
 */
export function parseEventLog(content: Uint8Array, file: string): EventLog {
  const parser = new LogParser(file);
  for (let at = 0; at < content.length; at += PIECE) parser.push(content.subarray(at, at + PIECE));
  return parser.end();
}

/** Holds the beginning until it is known what the file is, then hands the pieces to the reader for it. */
class LogParser {
  readonly #notices: Notices;
  readonly #collector: EventCollector;
  #held: Uint8Array[] = [];
  #heldSize = 0;
  #reader: LogReader<Uint8Array> | null = null;
  #format: LogFormat = 'text';

  constructor(private readonly file: string) {
    this.#notices = new Notices(file);
    this.#collector = new EventCollector(file, this.#notices);
  }

  push(piece: Uint8Array): void {
    if (this.#reader !== null) return this.#reader.push(piece);
    this.#held.push(piece);
    this.#heldSize += piece.length;
    if (this.#heldSize >= LOOKED_AT) this.#begin();
  }

  end(): EventLog {
    if (this.#reader === null) this.#begin();
    this.#reader!.end();
    const content = this.#collector.finish();
    return { file: this.file, format: this.#format, ...content, warnings: this.#notices.list() };
  }

  #begin(): void {
    const beginning = Buffer.concat(this.#held);
    this.#held = [];
    if (beginning.length === 0) throw new EventLogError(this.file, '', 'the file is empty');
    const emit: RecordSink = (record) => this.#collector.add(record);
    if (isEvtx(beginning)) {
      this.#format = 'evtx';
      this.#reader = new EvtxReader(emit, this.#notices);
    } else this.#reader = this.#textReader(beginning, emit);
    this.#reader.push(beginning);
  }

  #textReader(beginning: Uint8Array, emit: RecordSink): LogReader<Uint8Array> {
    const known = knownFile(beginning);
    if (known !== null) throw new EventLogError(this.file, '', `it is ${known.what}`, known.advice);
    const encoding = encodingOf(beginning);
    if (encoding === null) throw new EventLogError(this.file, '', 'the file is binary, and no .evtx');
    const isMixed = encoding === 'mixed';
    const sample = new TextDecoder(isMixed ? 'utf-8' : encoding).decode(
      isMixed ? singleBytes(beginning) : beginning,
      { stream: true },
    );
    if (sample.trim() === '') throw new EventLogError(this.file, '', 'the file is empty');
    this.#format = textFormat(sample);
    return new Decoded(encoding, this.#readerOf(sample, emit));
  }

  #readerOf(sample: string, emit: RecordSink): LogReader<string> {
    if (this.#format === 'xml') return new XmlReader(emit, this.#notices);
    if (this.#format === 'json') return new JsonReader(emit, this.#notices);
    if (this.#format === 'text') return new TextReader(emit, this.#notices);
    return new CsvReader(delimiterOf(sample)!, emit, this.#notices);
  }
}

function textFormat(sample: string): LogFormat {
  // Programs that dump an .evtx number its records.
  const start = sample.trimStart().replace(/^Record \d{1,15}\s+/, '');
  // Syslog begins with a number in angle brackets, and other XML and HTML may hold lines of events as texts.
  if (start.startsWith('<') && /<([\w.-]{1,64}:)?Event[\s>]|<!DOCTYPE(?! html)/i.test(start)) return 'xml';
  if (/^(\[\s*)?\{/.test(start) || /^\[\s*(\]|$)/.test(start)) return 'json';
  return delimiterOf(sample) === null ? 'text' : 'csv';
}

/** Bytes to text, characters that a piece cuts included. */
class Decoded implements LogReader<Uint8Array> {
  readonly #decoder: TextDecoder;
  readonly #isMixed: boolean;

  constructor(
    encoding: TextEncoding,
    private readonly reader: LogReader<string>,
  ) {
    this.#isMixed = encoding === 'mixed';
    this.#decoder = new TextDecoder(encoding === 'mixed' ? 'utf-8' : encoding);
  }

  push(piece: Uint8Array): void {
    const text = this.#decoder.decode(this.#isMixed ? singleBytes(piece) : piece, { stream: true });
    if (text !== '') this.reader.push(text);
  }

  end(): void {
    const rest = this.#decoder.decode();
    if (rest !== '') this.reader.push(rest);
    this.reader.end();
  }
}
