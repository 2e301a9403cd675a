import type { Comparison } from '../results/compare';
import { escapeMarkdown, markdownCode } from '../escape/markdown';
import { comparisonSentence, countLine, GROUPS, latencyLine, sidesLine, stateChange } from './wording';

/** No more than this of a kind, so that a job summary takes it. */
const IN_FULL = 200;

/** The comparison as GitHub-flavoured Markdown. */
export function writeComparisonMarkdown(comparison: Comparison): string {
  const { counts, latency, regression } = comparison;
  const more = (all: readonly unknown[]): string[] =>
    all.length > IN_FULL ? [`- … and ${all.length - IN_FULL} more`] : [];
  const groups = GROUPS.filter(([key]) => comparison[key].length > 0).map(([key, title]) =>
    [
      `### ${title} (${comparison[key].length})\n`,
      ...comparison[key].slice(0, IN_FULL).map((change) => {
        const level = change.level === null ? '' : ` (${change.level})`;
        const messages = [change.messageBefore, change.messageAfter]
          .map((message) => markdownCode(message ?? ''))
          .filter((text) => text !== '');
        return `- ${change.regression ? '**regression** ' : ''}${escapeMarkdown(change.id)}${level}: ${escapeMarkdown(change.title)}, ${stateChange(change)}${messages.length === 0 ? '' : `: ${messages.join(' → ')}`}`;
      }),
      ...more(comparison[key]),
    ].join('\n'),
  );
  const blocks = [
    `## ${regression ? '❌ kmsspec: regression' : '✅ kmsspec: no regression'}`,
    escapeMarkdown(comparisonSentence(comparison)),
    markdownCode(sidesLine(comparison)),
    ...groups,
    ...(counts.length === 0
      ? []
      : [
          [
            '### Counts\n',
            ...counts.slice(0, IN_FULL).map((each) => `- ${countLine(each)}, ${markdownCode(each.sent)}`),
            ...more(counts),
          ].join('\n'),
        ]),
    ...(latency.length === 0
      ? []
      : [
          [
            '### Latency\n',
            ...latency.map(
              (each) =>
                `- ${each.worse ? '❌ slower' : '✅ faster'}: ${markdownCode(each.series)}, ${latencyLine(each)}`,
            ),
          ].join('\n'),
        ]),
  ];
  return `${blocks.join('\n\n')}\n`;
}
