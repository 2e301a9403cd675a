import { html, type Html } from '../escape/html';

/** Tables of a page hold no more rows than this; the JSON report has all. */
const MOST_ROWS = 500;

/** A table of what a summary says is in it, closed where it is long. */
export function tableIn(
  summary: string,
  open: boolean,
  head: readonly string[],
  rows: readonly Html[],
): Html {
  const hidden = rows.length - MOST_ROWS;
  return html`<details${open ? html` open` : undefined}><summary>${summary}</summary><div class="scroll" tabindex="0" role="region" aria-label="${summary}"><table><thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>${rows.slice(0, MOST_ROWS)}</tbody></table></div>${hidden > 0 ? html`<p>${hidden} more rows are in the JSON report.</p>` : undefined}</details>`;
}
