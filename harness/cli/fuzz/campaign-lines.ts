import { triedTimes, untried } from '../../../reports/coverage';
import type { Finding, Report } from '../../../reports/model';
import { formatDuration } from '../../duration';
import type { CampaignResult } from '../../fuzz';
import type { Settings } from '../options';
import type { FuzzFlags } from './flags';
import { countOf } from './progress-line';

/** Pairs that were not tried which are named; the reports have them all. */
const MOST_UNTRIED = 5;

/** What the terminal is told of a campaign. */
export function campaignLines(
  report: Report,
  result: CampaignResult,
  settings: Settings,
  flags: FuzzFlags,
): string[] {
  const rate = Math.round(result.coverage.casesPerSecond);
  const took = formatDuration(report.run.durationMs / 1000);
  return [
    `${result.cases} cases in ${took} (${rate} a second), seed ${settings.seed}: ${countOf(result.findings.length)}`,
    ...coverageLines(result),
    ...(report.findings ?? []).flatMap(findingLines),
    ...(report.run.warnings ?? []).flatMap((warning) => ['', `note: ${warning}`]),
    ...endingLines(report, result, settings),
    ...(result.coverage.resumed === true
      ? ['', `taken up from the journal in ${flags.out}; --afresh begins again`]
      : []),
  ];
}

function coverageLines({ coverage }: CampaignResult): string[] {
  const missing = untried(coverage);
  const tried = coverage.rows.filter((row) => triedTimes(row) > 0).length;
  const named = missing.slice(0, MOST_UNTRIED).map(({ field, kind }) => `${field} (${kind})`);
  const more = missing.length > named.length ? ` and ${missing.length - named.length} more` : '';
  const rest = missing.length === 0 ? '' : `; not tried: ${named.join(', ')}${more}`;
  return [`${tried} of ${coverage.rows.length} pairs of field and kind of value were sent${rest}`];
}

function findingLines({ id, oracle, state, message, requests, ...finding }: Finding): string[] {
  const size = requests === 1 ? '1 request' : `${requests} requests`;
  return [
    '',
    `${id}  ${oracle}${state === 'flaky' ? ', seen once and not again' : ''}`,
    `  ${message}`,
    `  ${size} (shrunk from ${finding.shrunkFrom}), shown by ${finding.cases} ${finding.cases === 1 ? 'case' : 'cases'}`,
    `  ${finding.folder}`,
    `  ${finding.repeat}`,
  ];
}

function endingLines({ run }: Report, { ended }: CampaignResult, { seedGiven, seed }: Settings): string[] {
  if (ended === 'complete') return [];
  const again = ended === 'interrupted' && !seedGiven ? ` with --seed ${seed}` : '';
  return ['', `${run.endedMessage}${again}`];
}
