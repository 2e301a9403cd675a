import type { FoundLine } from './event-line';

/** Where something stands in a file: `line 12`, `event record 7`. */
export interface Place {
  readonly unit: string;
  readonly number: number;
}

export const formatPlace = ({ unit, number }: Place): string => `${unit} ${number}`;

/** One event as a reader of any format hands it on. */
export interface LogRecord {
  readonly place: Place;
  /** As it is written, severity bits included; null where no field names it. */
  readonly id: number | null;
  /** Who logged; empty where that is not told. */
  readonly provider: string;
  /** The host; empty where that is not told. */
  readonly computer: string;
  /** Milliseconds since 1970-01-01 UTC; null where the file does not say, or not in which zone. */
  readonly loggedAt: number | null;
  /** The same as it is written. */
  readonly loggedText: string;
  /** Texts in which the line of a request may stand: messages, cells, values. */
  readonly texts: readonly string[];
  /** The event's own fields in their order: the line may be spread over them. */
  readonly data: readonly string[];
  /** The line of a request, where the reader has found it. */
  readonly line?: FoundLine;
  /** What kept the reader from reading all of it, where something did. */
  readonly damage?: string;
}

/** Takes pieces of a file in their order and hands on what events it finds. */
export interface LogReader<Piece> {
  push(piece: Piece): void;
  /** @throws EventLogError where the file was none of this format */
  end(): void;
}

export type RecordSink = (record: LogRecord) => void;

/**
 * Events have 16 bits of number; `Get-EventLog` and WMI give 32, of which the upper ones are severity and facility.
 * @returns null where it is no number of an event
 */
export function eventIdOf(id: number | null): number | null {
  if (id === null || !Number.isInteger(id)) return null;
  return id & 0xffff;
}
