import { fold } from '../../reports/console/style';
import { escapeTerminal } from '../../reports/escape/terminal';

/** One line of a table by column. */
export type Row = Readonly<Record<string, unknown>>;

/** A column is not made narrower than this. */
const NARROWEST = 24;

/**
 * Rows as a table for people, or as one of Markdown. Columns that are empty throughout are left out.
 * @param width columns of the terminal: the widest column of the table is folded, so that the text fits it
 */
export function table(rows: readonly Row[], format: 'text' | 'markdown', width?: number): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((column) =>
    rows.some((row) => cell(row[column]) !== ''),
  );
  const body = rows.map((row) => columns.map((column) => cell(row[column])));
  return format === 'markdown' ? markdown(columns, body) : text(columns, body, width);
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function text(
  columns: readonly string[],
  body: readonly (readonly string[])[],
  width: number | undefined,
): string {
  const widths = columns.map((column, i) =>
    Math.max(column.length, ...body.map((cells) => cells[i]!.length)),
  );
  const widest = widths.indexOf(Math.max(...widths));
  const excess = widths.reduce((sum, one) => sum + one + 2, -2) - (width ?? Number.POSITIVE_INFINITY);
  const folded = excess > 0 ? Math.max(NARROWEST, widths[widest]! - excess) : undefined;
  if (folded !== undefined) widths[widest] = folded;
  const lines = (cells: readonly string[]): string[] =>
    fold(cells[widest] ?? '', folded).map((part, line) =>
      cells
        .map((one, i) => (i === widest ? part : line === 0 ? one : ''))
        .map((one, i) => (i === cells.length - 1 ? one : one.padEnd(widths[i]!)))
        .join('  ')
        .trimEnd(),
    );
  return `${[columns, ...body]
    .flatMap(lines)
    .map((line) => escapeTerminal(line))
    .join('\n')}\n`;
}

/** Text of a cell of Markdown: what would end the cell, or be taken for HTML, is escaped. */
export const markdownCell = (value: string): string =>
  value.replace(/([\\|*_<>])/g, '\\$1').replace(/\s+/g, ' ');

export function markdown(columns: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = line(columns.map(() => '---'));
  return `${[line(columns), rule, ...body.map((cells) => line(cells.map(markdownCell)))].join('\n')}\n`;
}
