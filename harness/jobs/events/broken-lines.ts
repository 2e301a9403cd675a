import { findEventLine, type FoundLine } from './event-line';
import type { Place } from './log-record';
import { lineOfValues, listedValue } from './spread-fields';

/** Begins as the line of a request does, and does not go on so. */
const CUT_LINE = /^\s*-?(0x[0-9a-f]{1,8}|\d{1,10})\s?,\s?(0x[0-9a-f]{1,8}|\d{1,10})\s?,/i;
/** Of a request's line; its fields come to some 150 characters. */
const LONGEST_LINE = 320;
const SHORTEST_LINE = 90;
const LONGEST_PIECE = 400;
const FIELDS = 9;

/** What a console or a printed list made of a line, put together again, and where it began. */
export interface MendedLine {
  readonly line: FoundLine;
  readonly place: Place;
}

/** A line that began and was never whole. */
export interface CutLine {
  readonly text: string;
  readonly place: Place;
}

/** Lines from one that may be the beginning of a broken one. */
interface Candidate {
  readonly pieces: string[];
  /** Of all pieces. */
  length: number;
  readonly place: Place;
}

/** Puts lines together again that a console broke at its width, or that have a field each. */
export class BrokenLines {
  /** Oldest first. A piece may look like a beginning: which it is shows at the end. */
  #open: Candidate[] = [];
  #values: string[] = [];

  /** @param cut told of each line that began and was not whole */
  constructor(private readonly cut: (line: CutLine) => void) {}

  /** Whether the last line was taken for a piece of one. */
  get isOpen(): boolean {
    return this.#open.length > 0;
  }

  /** Takes a line in which no whole line of a request was found. @returns what it completes */
  take(text: string, place: Place): MendedLine | null {
    if (text.length > LONGEST_PIECE || text.trim() === '') {
      this.close();
      return null;
    }
    return this.#takePiece(text, place) ?? this.#takeValue(text, place);
  }

  /** What comes next is no piece of what is open. */
  close(): void {
    const open = this.#open;
    this.#open = [];
    for (const candidate of open) this.#tell(candidate);
  }

  #tell({ pieces, place }: Candidate): void {
    this.cut({ text: pieces[0]!, place });
  }

  #takePiece(text: string, place: Place): MendedLine | null {
    for (const candidate of this.#open) {
      candidate.pieces.push(text);
      candidate.length += text.trim().length;
    }
    while (this.#open[0] !== undefined && this.#open[0].length > LONGEST_LINE)
      this.#tell(this.#open.shift()!);
    // The latest beginning is the right one: with an earlier one, the line would follow on something that was cut.
    const index = this.#open.findLastIndex(
      ({ pieces, length }) => length >= SHORTEST_LINE && findEventLine(unbroken(pieces)) !== null,
    );
    const found = this.#open[index];
    if (found !== undefined) {
      const before = this.#open.slice(0, index);
      this.#open = [];
      for (const candidate of before) this.#tell(candidate);
      return mended(found);
    }
    if (CUT_LINE.test(text)) this.#open.push({ pieces: [text], length: text.trim().length, place });
    return null;
  }

  #takeValue(text: string, place: Place): MendedLine | null {
    const value = listedValue(text);
    if (value === '') return null;
    if (this.#values.push(value) > FIELDS) this.#values.shift();
    const line = lineOfValues(this.#values);
    if (line !== null) this.#values = [];
    return line === null ? null : { line, place };
  }
}

function mended({ pieces, place }: Candidate): MendedLine {
  const line = findEventLine(unbroken(pieces))!;
  return { line: { ...line, isClients: line.isClients || HOST_AND_PORT.test(line.workstationName) }, place };
}

/** What clients end with may be on the line behind. */
const HOST_AND_PORT = /:\d{1,5}$/;

const DATE_AT_END = /(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})$/;

/** Lines that a console broke at its width, put together again. A break takes a space with it only where one stood: between date and time. */
export function unbroken(lines: readonly string[]): string {
  let text = '';
  for (const line of lines) {
    const piece = line.trim();
    const isBetween = DATE_AT_END.test(text) && /^\d{1,2}:\d\d/.test(piece);
    text += piece === '' ? '\n' : isBetween ? ` ${piece}` : piece;
  }
  return text;
}
