import { CsvSplitter } from './csv-splitter';
import { findEventLine } from './event-line';
import { roleOf } from './field-names';
import type { LogReader, LogRecord, RecordSink } from './log-record';
import type { Notices } from './notices';
import { EVENT_ID } from './other-events';
import { cellsRecord } from './read-json';

const DELIMITERS = [',', ';', '\t', '|'];

/**
 * The delimiter of a table: the one by which the first record is cells with names and the next has as many, or one more, as the Event Viewer
 * gives its last column no name.
 * @param beginning the first part of the file
 * @returns null where it is no table
 */
export function delimiterOf(beginning: string): string | null {
  const body = withoutTypeLine(beginning);
  return DELIMITERS.find((delimiter) => isTable(firstRecords(body, delimiter))) ?? null;
}

function isTable([header, row]: readonly (readonly string[])[]): boolean {
  if (header === undefined || header.length < 2) return false;
  if (header.some((cell) => cell.length > 100) || findEventLine(header.join(',')) !== null) return false;
  const hasName = header.some(
    (cell) => roleOf(cell.trim()) !== null || /^(_raw|message)$/i.test(cell.trim()),
  );
  if (row === undefined) return hasName;
  const isRegular = row.length === header.length || row.length === header.length + 1;
  return hasName
    ? row.length >= 2
    : isRegular && header.every((cell) => /[\p{L}]/u.test(cell) && !/[:=]\s/.test(cell));
}

const RECORDS_LOOKED_AT = 3;
const SAMPLE = 2048;

function firstRecords(text: string, delimiter: string): string[][] {
  const records: string[][] = [];
  const splitter = new CsvSplitter(delimiter, (cells) => {
    if (records.length < RECORDS_LOOKED_AT) records.push([...cells]);
  });
  // Piece by piece: the first few records are within the first.
  for (let at = 0; at < text.length && records.length < RECORDS_LOOKED_AT; at += SAMPLE) {
    splitter.push(text.slice(at, at + SAMPLE));
  }
  if (records.length < RECORDS_LOOKED_AT) splitter.end();
  return records;
}

/** Export-Csv of Windows PowerShell writes a line of its own first, Excel's `sep=;` is one too. */
const withoutTypeLine = (text: string): string => text.replace(/^(\s*(#TYPE [^\n]*|sep=.\r?)\n)+/, '');

/** Reads exported tables: the Event Viewer, Export-Csv, EvtxECmd, Splunk. The line of the event is looked for in every column. */
export class CsvReader implements LogReader<string> {
  readonly #splitter: CsvSplitter;
  #header: readonly string[] | null = null;
  #isFirst = true;
  #count = 0;

  constructor(
    delimiter: string,
    private readonly emit: RecordSink,
    private readonly notices: Notices,
  ) {
    this.#splitter = new CsvSplitter(delimiter, (cells, whole) => this.#record(cells, whole));
  }

  push(text: string): void {
    this.#splitter.push(this.#isFirst ? withoutTypeLine(text) : text);
    this.#isFirst = false;
  }

  end(): void {
    this.#splitter.end();
  }

  #record(cells: readonly string[], whole: boolean): void {
    if (this.#header === null) {
      this.#header = cells.map((name) => name.trim());
      return;
    }
    const place = { unit: 'record', number: ++this.#count };
    const header = this.#header;
    const record = cellsRecord(
      cells.map((cell, i) => [header[i] ?? '', cell]),
      place,
    );
    if (whole) this.emit(this.#withId(record, cells));
    else this.#leftOpen(cells, record);
  }

  /** Where the heading of the numbers is in a language that is not known, the number is told by its value. */
  #withId(record: LogRecord, cells: readonly string[]): LogRecord {
    return record.id === null ? { ...record, id: idByValue(cells) } : record;
  }

  /** All that follows an open quote is in one cell: lines of requests among it are read as lines. */
  #leftOpen(cells: readonly string[], record: LogRecord): void {
    this.notices.add('a record that does not end: a quote that is never closed?', record.place);
    for (const line of (cells.at(-1) ?? '').split(/\r?\n/)) {
      if (findEventLine(line) !== null) this.emit({ ...record, texts: [line], data: [] });
    }
  }
}

function idByValue(cells: readonly string[]): number | null {
  const cell = cells.find((one) => /^\s{0,9}-?\d{5,10}\s{0,9}$/.test(one) && isKmsId(Number(one)));
  return cell === undefined ? null : Number(cell);
}

/** 12288 to 12294, bare or with the bits of severity above: 0x40003002 is 12290. */
const isKmsId = (id: number): boolean =>
  (id & 0xffff) >= EVENT_ID.requestSent && (id & 0xffff) <= EVENT_ID.published && (id & 0x3fff_0000) === 0;
