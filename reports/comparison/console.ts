import type { Comparison } from '../results/compare';
import { painter, type ConsoleOptions } from '../console/style';
import { escapeTerminal, escapeTerminalLines } from '../escape/terminal';
import { comparisonSentence, countLine, GROUPS, latencyLine, sidesLine, stateChange } from './wording';

/** Other counts than this many are only counted. */
const COUNTS_IN_FULL = 20;

/** The comparison for a terminal or a log, the verdict last. */
export function writeComparisonConsole(comparison: Comparison, options: ConsoleOptions): string {
  const paint = painter(options);
  const lines: string[] = [];
  for (const [key, title, sign] of [...GROUPS].reverse()) {
    if (comparison[key].length === 0) continue;
    const ink = sign === '✓' ? 'good' : sign === '✗' ? 'bad' : 'doubt';
    lines.push(paint('strong', title));
    for (const change of comparison[key]) {
      const mark = change.regression ? paint('bad', '✗') : paint(ink, sign);
      const level = change.level === null ? '' : ` (${change.level})`;
      lines.push(
        `  ${mark} ${escapeTerminal(change.id)}${level}: ${escapeTerminal(change.title)} [${stateChange(change)}]`,
      );
      for (const message of [
        change.messageBefore && `before: ${change.messageBefore}`,
        change.messageAfter && `now: ${change.messageAfter}`,
      ]) {
        if (message !== undefined && message !== '') lines.push(escapeTerminalLines(message, '      '));
      }
    }
    lines.push('');
  }
  const { counts, latency } = comparison;
  if (counts.length > 0) {
    lines.push(paint('strong', 'Counts'));
    lines.push(
      ...counts
        .slice(0, COUNTS_IN_FULL)
        .map((each) => `  ${paint('bad', '✗')} ${countLine(each)} (${escapeTerminal(each.sent)})`),
    );
    if (counts.length > COUNTS_IN_FULL) lines.push(`  … and ${counts.length - COUNTS_IN_FULL} more`);
    lines.push('');
  }
  if (latency.length > 0) {
    lines.push(paint('strong', 'Latency'));
    lines.push(
      ...latency.map(
        (each) =>
          `  ${each.worse ? paint('bad', '✗ slower') : paint('good', '✓ faster')} ${escapeTerminal(each.series)}, ${latencyLine(each)}`,
      ),
    );
    lines.push('');
  }
  const verdict = comparison.regression ? paint('bad', 'REGRESSION') : paint('good', 'NO REGRESSION');
  lines.push(
    escapeTerminal(sidesLine(comparison)),
    `${verdict}  ${escapeTerminal(comparisonSentence(comparison))}`,
  );
  return `${lines.join('\n')}\n`;
}
