import type { Finding, Report } from '../../../reports/results/model';
import { isOpen } from '../../../reports/results/is-open';
import type { DiffOutcome } from '../../jobs/diff';
import { formatDuration } from '../../support/duration';

/** What the terminal is told of two hosts. */
export function diffLines(
  report: Report,
  { cases }: DiffOutcome,
  names: readonly [string, string],
): string[] {
  const heads = (report.findings ?? []).filter(({ cause }) => cause === undefined);
  const known = heads.filter((finding) => !isOpen(finding));
  const took = formatDuration(report.run.durationMs / 1000);
  const beside = known.length === 0 ? '' : `, ${known.length} of them known`;
  return [
    `A is ${names[0]}, B is ${names[1]}`,
    `${cases} conversations with both in ${took}, seed ${report.run.seed}: ${countOf(heads.length)}${beside}`,
    ...heads.flatMap(findingLines),
    ...(report.run.warnings ?? []).flatMap((warning) => ['', `note: ${warning}`]),
    ...(report.run.endedMessage === undefined ? [] : ['', report.run.endedMessage]),
  ];
}

const countOf = (differences: number): string =>
  differences === 0 ? 'no difference' : differences === 1 ? '1 difference' : `${differences} differences`;

function findingLines({
  id,
  title,
  sent = [],
  message,
  requests,
  also,
  folder,
  state,
  ...finding
}: Finding): string[] {
  const size = requests === 1 ? '1 request' : `${requests} requests`;
  return [
    '',
    `${id}  ${title}${state === 'known' ? `, known: ${finding.reason ?? ''}` : ''}`,
    ...sent.map((step) => `  sent: ${step}`),
    `  ${message}`,
    `  ${size}${finding.shrunkFrom === undefined ? '' : ` (shrunk from ${finding.shrunkFrom})`}`,
    ...(also === undefined ? [] : [`  of the same cause: ${also.join(', ')}`]),
    ...(folder === undefined ? [] : [`  ${folder}`]),
    `  ${finding.repeat}`,
  ];
}
