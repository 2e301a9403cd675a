import { hexDump } from '../../../reports/evidence/evidence-text';
import type { Evidence } from '../../../reports/results/result';

/** Rows of a dump that are shown of one PDU, and of octets that are none. */
const MOST_ROWS = 24;
const MOST_ROWS_OF_OCTETS = 4;

/**
 * Hex dumps of a conversation's PDUs: of each kind the first in full, of further ones the rows that are not as in the one before, so that
 * what changed is seen.
 */
export class HexRows {
  readonly #before = new Map<string, readonly string[]>();

  rowsOf({ direction, pdu, hex }: Pick<Evidence, 'direction' | 'pdu' | 'hex'>): string[] {
    const rows = hexDump(hex)
      .split('\n')
      .filter((row) => row !== '');
    const kind = `${direction} ${pdu}`;
    const before = this.#before.get(kind);
    this.#before.set(kind, rows);
    if (pdu === 'bytes') return bounded(rows, MOST_ROWS_OF_OCTETS);
    return bounded(before === undefined ? rows : changed(before, rows), MOST_ROWS);
  }
}

/** Rows that differ; what is between them is a line of dots. */
function changed(before: readonly string[], rows: readonly string[]): string[] {
  const shown: string[] = [];
  for (const [at, row] of rows.entries()) {
    if (row !== before[at]) shown.push(row);
    else if (shown.at(-1) !== '…') shown.push('…');
  }
  if (rows.length < before.length) shown.push('and no more');
  return shown.length === 1 && shown[0] === '…' ? ['the same octets as before'] : shown;
}

function bounded(rows: string[], most: number): string[] {
  if (rows.length <= most) return rows;
  return [...rows.slice(0, most - 1), `… ${rows.length - most + 1} rows more`];
}
