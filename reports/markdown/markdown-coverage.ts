import { REACTION_ORDER, triedTimes, untried } from '../results/coverage';
import { markdownCode } from '../escape/markdown';
import { markdownTable } from './markdown-table';
import type { Coverage } from '../results/model';

/** Tables hold no more rows than this; the JSON report has all. */
const MOST_ROWS = 500;

/** What was sent and what the host did, folded, as it is long; what was not tried comes first. */
export function coverageBlock(coverage: Coverage): string {
  const missing = untried(coverage);
  const rows = [...missing, ...coverage.rows.filter((row) => triedTimes(row) > 0)].slice(0, MOST_ROWS);
  const hidden = coverage.rows.length - rows.length;
  const table = markdownTable(
    ['Field, kind of value', ...REACTION_ORDER, 'in all'],
    rows.map((row) => [
      `${markdownCode(row.field)} ${markdownCode(row.kind)}`,
      ...REACTION_ORDER.map((reaction) => String(row.reactions[reaction])),
      triedTimes(row) === 0 ? '**not tried**' : String(triedTimes(row)),
    ]),
  );
  return [
    '### Fuzzing',
    `${coverage.cases} cases; ${missing.length} of ${coverage.rows.length} pairs of field and kind of value were never tried.`,
    `<details><summary>What was sent, and what the host did</summary>\n\n${table}\n\n${hidden > 0 ? `${hidden} more rows are in the JSON report.\n\n` : ''}</details>`,
  ].join('\n\n');
}
