import { fold } from '../../../reports/console/style';
import { escapeTerminal } from '../../../reports/escape/terminal';
import { columns, columnWidths } from '../../../reports/text/columns';

/** One line of a table by column. */
export type Row = Readonly<Record<string, unknown>>;

/** A column is not made narrower than this. */
const NARROWEST = 24;

/**
 * Rows as a table for people, or as one of Markdown. Columns that are empty throughout are left out.
 * @param width columns of the terminal: the widest column of the table is folded, so that the text fits it
 */
export function table(rows: readonly Row[], format: 'text' | 'markdown', width?: number): string {
  const titles = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((column) =>
    rows.some((row) => cell(row[column]) !== ''),
  );
  const body = rows.map((row) => titles.map((column) => cell(row[column])));
  return format === 'markdown' ? markdown(titles, body) : text(titles, body, width);
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function text(
  titles: readonly string[],
  body: readonly (readonly string[])[],
  width: number | undefined,
): string {
  const widths = columnWidths([titles, ...body]);
  const widest = widths.indexOf(Math.max(...widths));
  const excess = widths.reduce((sum, one) => sum + one + 2, -2) - (width ?? Number.POSITIVE_INFINITY);
  const most = excess > 0 ? Math.max(NARROWEST, widths[widest]! - excess) : undefined;
  if (most !== undefined) widths[widest] = most;
  const folded = (cells: readonly string[]): string[][] =>
    fold(cells[widest] ?? '', most).map((part, line) =>
      cells.map((one, i) => (i === widest ? part : line === 0 ? one : '')),
    );
  const lines = columns([titles, ...body].flatMap(folded), { widths });
  return `${lines.map((line) => escapeTerminal(line)).join('\n')}\n`;
}

/** Text of a cell of Markdown: what would end the cell, or be taken for HTML, is escaped. */
export const markdownCell = (value: string): string =>
  value.replace(/([\\|*_<>])/g, '\\$1').replace(/\s+/g, ' ');

export function markdown(titles: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = line(titles.map(() => '---'));
  return `${[line(titles), rule, ...body.map((cells) => line(cells.map(markdownCell)))].join('\n')}\n`;
}
