/** A cell beyond this is none: a quote that is never closed would swallow the file. */
const LONGEST_RECORD = 4 * 1024 * 1024;

const MOST_CELLS = 10_000;

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

/**
 * Cuts a stream of CSV into records (RFC 4180): cells in quotes may hold the delimiter, line ends and doubled quotes. Each character is looked
 * at once, however the stream is cut; a library that parses what it holds again with each piece would take hours for a quote left open.
 */
export class CsvSplitter {
  readonly #delimiter: number;
  #cells: string[] = [];
  #cell = '';
  #quoted = false;
  /** A quote within quotes: the end of the cell, or the first of a doubled one. */
  #quoteSeen = false;
  #isFresh = true;
  #afterCr = false;
  #size = 0;

  /** @param take called with the cells of each record, `whole` being false where a quote was left open */
  constructor(
    delimiter: string,
    private readonly take: (cells: readonly string[], whole: boolean) => void,
  ) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  push(text: string): void {
    let start = 0;
    for (let i = 0; i < text.length; i++) {
      const character = text.charCodeAt(i);
      if (this.#quoted && !this.#quoteSeen) {
        const quote = text.indexOf('"', i);
        i = quote < 0 ? text.length : quote;
        this.#add(text.slice(start, i));
        start = i + 1;
        if (quote >= 0) this.#quoteSeen = true;
        if (this.#size > LONGEST_RECORD) this.#record(false);
        continue;
      }
      if (this.#quoteSeen) {
        this.#quoteSeen = false;
        if (character === QUOTE) {
          this.#add('"');
          start = i + 1;
          continue;
        }
        this.#quoted = false;
      }
      if (character === QUOTE && this.#isFresh && text.slice(start, i).trim() === '') {
        this.#quoted = true;
        this.#isFresh = false;
        this.#cell = '';
        start = i + 1;
      } else if (character === this.#delimiter) {
        this.#add(text.slice(start, i));
        this.#endCell();
        start = i + 1;
      } else if (character === LF || character === CR) {
        this.#add(text.slice(start, i));
        start = i + 1;
        if (!(character === LF && this.#afterCr)) this.#record(true);
        this.#afterCr = character === CR;
        continue;
      }
      this.#afterCr = false;
    }
    if (start < text.length) this.#add(text.slice(start));
  }

  end(): void {
    if (this.#quoted && !this.#quoteSeen) this.#record(false);
    else if (this.#size > 0 || this.#cells.length > 0) this.#record(true);
  }

  #add(piece: string): void {
    if (piece === '') return;
    if (this.#isFresh && piece.trim() !== '') this.#isFresh = false;
    this.#cell += piece;
    this.#size += piece.length;
    if (this.#size > LONGEST_RECORD && !this.#quoted) this.#record(false);
  }

  #endCell(): void {
    // Cells beyond any table's are not kept: a file of delimiters alone would fill the memory.
    if (this.#cells.length < MOST_CELLS) this.#cells.push(this.#cell);
    this.#cell = '';
    this.#isFresh = true;
  }

  #record(whole: boolean): void {
    this.#endCell();
    const cells = this.#cells;
    this.#cells = [];
    this.#quoted = false;
    this.#quoteSeen = false;
    this.#size = 0;
    if (cells.length > 1 || cells[0]!.trim() !== '') this.take(cells, whole);
  }
}
