import { isOpen } from '../results/is-open';
import { escapeCommandData, escapeCommandProperty } from '../escape/annotation';
import type { ExitOptions } from '../results/exit-code';
import type { Report } from '../results/model';
import { brokenRequirement, decides, decidingLevels, failuresOf, verdictOf } from '../results/wording';

/** GitHub shows no more than ten annotations of a kind for a step. */
const SHOWN = 10;

/**
 * Workflow commands that annotate a GitHub run, a line each: errors for what decides, warnings for failures that do
 * not. Where there are more than GitHub shows, the last error says how many. The job summary is `writeMarkdown`.
 */
export function githubAnnotations(report: Report, options: ExitOptions = {}): string {
  const failOn = decidingLevels(report, options);
  const errors: [string, string][] = [];
  const warnings: [string, string][] = [];
  for (const result of failuresOf(report, failOn)) {
    const text = `${result.message ?? result.reason ?? result.title}${result.repeat === undefined ? '' : `\nrepeat: ${result.repeat}`}`;
    (decides(result, failOn) ? errors : warnings).push([`${result.id} (${result.level})`, text]);
  }
  for (const finding of report.findings ?? []) {
    if (isOpen(finding))
      errors.push([
        finding.title,
        [brokenRequirement(finding), ...(finding.sent ?? []), finding.message, `repeat: ${finding.repeat}`]
          .filter((line) => line !== undefined)
          .join('\n'),
      ]);
  }
  for (const { index, verdict, mustNotDiffer } of report.replay?.exchanges ?? []) {
    if (verdict === 'differs')
      errors.push([`exchange ${index}`, mustNotDiffer.map(({ path }) => path).join(', ')]);
  }
  const unlisted = report.replay?.unlisted?.differs ?? 0;
  if (unlisted > 0) errors.push(['exchanges', `${unlisted} more differ, and are not listed`]);
  const verdict = verdictOf(report, options);
  if (!verdict.good && errors.length === 0) errors.push([verdict.word.toLowerCase(), verdict.sentence]);
  return [...commands('error', errors), ...commands('warning', warnings)].map((line) => `${line}\n`).join('');
}

function commands(name: 'error' | 'warning', messages: readonly [string, string][]): string[] {
  const command = ([title, text]: readonly [string, string]): string =>
    `::${name} title=${escapeCommandProperty(title)}::${escapeCommandData(text)}`;
  if (messages.length <= SHOWN) return messages.map(command);
  const hidden = messages.length - SHOWN + 1;
  return [
    ...messages.slice(0, SHOWN - 1).map(command),
    command(['and more', `${hidden} more ${name}s: see the job summary`]),
  ];
}
