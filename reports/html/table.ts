import { html, type Html } from '../escape/html';

/** Tables of a page hold no more rows than this; the JSON report has all. */
const MOST_ROWS = 500;

/** Rows of a table, of which those that are not shown are never made. */
export interface Rows {
  readonly length: number;
  slice(from: number, to: number): readonly Html[];
}

export const rowsOf = <T>(items: readonly T[], row: (item: T) => Html): Rows => ({
  length: items.length,
  slice: (from, to) => items.slice(from, to).map(row),
});

/** A table of what a summary says is in it, closed where it is long. */
export function tableIn(summary: string, open: boolean, head: readonly string[], rows: Rows): Html {
  const hidden = rows.length - MOST_ROWS;
  return html`<details${open ? html` open` : undefined}><summary>${summary}</summary><div class="scroll" tabindex="0" role="region" aria-label="${summary}"><table><thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>${rows.slice(0, MOST_ROWS)}</tbody></table></div>${hidden > 0 ? html`<p>${hidden} more rows are in the JSON report.</p>` : undefined}</details>`;
}
