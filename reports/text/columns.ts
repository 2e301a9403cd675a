/* eslint-disable @typescript-eslint/no-require-imports -- the table of widths is loaded where a text is more than plain */

/** Letters of ASCII, and the signs of our own reports, each of which takes one column. */
const PLAIN = /^[ -~·–—…×°µ○●✓✗]*$/;

/** Columns that a text takes on a terminal: none for a mark that joins the letter before it, two for 漢. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  const { default: stringWidth } = require('string-width') as typeof import('string-width');
  return stringWidth(text);
}

/** Text with blanks up to a width; what is wider stays as it is. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, width - textWidth(text)));
  return align === 'left' ? text + blanks : blanks + text;
}

export interface ColumnsOptions {
  /** Of each column; as wide as its widest cell unless told. */
  readonly widths?: readonly number[];
  /** `first`: the first column to the left, all others to the right. All to the left unless told. */
  readonly left?: 'all' | 'first';
  /** Between two columns; two blanks unless told. */
  readonly gap?: string;
  readonly indent?: string;
}

/** Rows of escaped cells as lines, one below the other. */
export function columns(rows: readonly (readonly string[])[], options: ColumnsOptions = {}): string[] {
  const { widths = columnWidths(rows), left = 'all', gap = '  ', indent = '' } = options;
  return rows.map((row) => {
    const cells = row.map((cell, at) =>
      pad(cell, widths[at] ?? 0, left === 'all' || at === 0 ? 'left' : 'right'),
    );
    return (indent + cells.join(gap)).trimEnd();
  });
}

/** The width of the widest cell of each column. */
export function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const count = rows.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: count }, (_, at) =>
    rows.reduce((widest, row) => Math.max(widest, textWidth(row[at] ?? '')), 0),
  );
}
