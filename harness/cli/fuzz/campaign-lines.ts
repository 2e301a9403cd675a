import { triedTimes, untried } from '../../../reports/results/coverage';
import type { Finding, Report } from '../../../reports/results/model';
import { brokenRequirement } from '../../../reports/results/wording';
import { formatDuration } from '../../support/duration';
import type { CampaignResult } from '../../jobs/fuzz';
import type { Settings } from '../options/options';
import type { FuzzFlags } from './flags';
import { countOf } from './progress-text';

/** Pairs that were not tried which are named; the reports have them all. */
const MOST_UNTRIED = 5;
const MOST_REMARKS = 8;

/** What the terminal is told of a campaign. */
export function campaignLines(
  report: Report,
  result: CampaignResult,
  settings: Settings,
  flags: FuzzFlags,
): string[] {
  const rate = Math.round(result.coverage.casesPerSecond);
  const took = formatDuration(report.run.durationMs / 1000);
  const heads = (report.findings ?? []).filter(({ cause }) => cause === undefined);
  return [
    `${result.cases} cases in ${took} (${rate} a second), seed ${settings.seed}: ${countOf(heads.length)}`,
    ...coverageLines(result),
    ...assumptionLines(result),
    ...remarkLines(result),
    ...heads.flatMap(findingLines),
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

function assumptionLines({ coverage: { assumptions = [] } }: CampaignResult): string[] {
  const lines = assumptions.map(({ question, answer, so }) => `  ${question}: ${answer}; ${so}`);
  return lines.length === 0 ? [] : ['', 'tested of the host first:', ...lines];
}

/** What the host does and no clause settles: the commonest; the reports have them all. */
function remarkLines({ coverage: { notes = [] } }: CampaignResult): string[] {
  const shown = notes.slice(0, MOST_REMARKS).map(({ note, cases }) => `${note}: ${cases} cases`);
  const more = notes.length > shown.length ? [`and ${notes.length - shown.length} more in the report`] : [];
  return shown.length === 0
    ? []
    : ['', 'no clause settles:', ...[...shown, ...more].map((line) => `  ${line}`)];
}

function findingLines({ id, oracle, state, message, requests, ...finding }: Finding): string[] {
  const broken = brokenRequirement(finding);
  const size = requests === 1 ? '1 request' : `${requests} requests`;
  return [
    '',
    `${id}  ${oracle}${state === 'flaky' ? ', seen once and not again' : ''}`,
    ...(broken === undefined ? [] : [`  breaks ${broken}`]),
    ...(finding.sent ?? []).map((step) => `  sent: ${step}`),
    `  ${message}`,
    `  ${size} (shrunk from ${finding.shrunkFrom}), shown by ${finding.cases} ${finding.cases === 1 ? 'case' : 'cases'}`,
    ...(finding.also === undefined ? [] : [`  of the same cause: ${finding.also.join(', ')}`]),
    `  ${finding.folder}`,
    `  ${finding.repeat}`,
  ];
}

function endingLines({ run }: Report, { ended }: CampaignResult, { seedGiven, seed }: Settings): string[] {
  if (ended === 'complete') return [];
  const again = ended === 'interrupted' && !seedGiven ? ` with --seed ${seed}` : '';
  return ['', `${run.endedMessage}${again}`];
}
