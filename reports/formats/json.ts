import { replaceActing } from '../escape/visible';
import type { Report } from '../results/model';

/**
 * The report as JSON text, `kmsspec.report/1`, ending in a line feed. Acting characters stand as `\\u` escapes, so that
 * the text can go to a terminal, and reads back as the same report.
 */
export function writeJson(report: Report): string {
  return `${replaceActing(JSON.stringify(report, null, 1), escapeUnits)}\n`;
}

/** Each UTF-16 unit on its own: that is how JSON escapes what lies beyond the first plane. */
function escapeUnits(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}
