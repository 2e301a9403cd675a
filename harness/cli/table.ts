import { escapeTerminal } from '../../reports/escape/terminal';

/** One line of a table by column. */
export type Row = Readonly<Record<string, unknown>>;

/** Rows as a table for people, or as one of Markdown. Columns that are empty throughout are left out. */
export function table(rows: readonly Row[], format: 'text' | 'markdown'): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((column) =>
    rows.some((row) => cell(row[column]) !== ''),
  );
  const body = rows.map((row) => columns.map((column) => cell(row[column])));
  return format === 'markdown' ? markdown(columns, body) : text(columns, body);
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function text(columns: readonly string[], body: readonly (readonly string[])[]): string {
  const widths = columns.map((column, i) =>
    Math.max(column.length, ...body.map((cells) => cells[i]!.length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((one, i) => (i === cells.length - 1 ? one : one.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  return `${[columns, ...body].map((cells) => escapeTerminal(line(cells))).join('\n')}\n`;
}

/** Text of a cell of Markdown: what would end the cell, or be taken for HTML, is escaped. */
export const markdownCell = (value: string): string =>
  value.replace(/([\\|*_<>])/g, '\\$1').replace(/\s+/g, ' ');

export function markdown(columns: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = line(columns.map(() => '---'));
  return `${[line(columns), rule, ...body.map((cells) => line(cells.map(markdownCell)))].join('\n')}\n`;
}
