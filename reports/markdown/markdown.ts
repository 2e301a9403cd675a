import { replayCounts, unlistedWords } from '../results/replay-counts';
import { requestNumber } from '../results/request-number';
import { isOpen } from '../results/is-open';
import { escapeMarkdown, markdownBlock, markdownCode } from '../escape/markdown';
import { evidenceText } from '../evidence/evidence-text';
import { markedEvidence } from '../evidence/mark-field';
import type { ExitOptions } from '../results/exit-code';
import { OUTCOMES, type Level } from '../results/levels';
import { coverageBlock } from './markdown-coverage';
import { markdownTable } from './markdown-table';
import { type Cause, causeInWords, causesOf, othersInWords } from '../results/causes';
import { messageBesideSource } from '../results/message';
import type { Finding, Latency, Replay, Report, Result } from '../results/model';
import { brokenRequirement } from '../results/wording';
import {
  decides,
  decidingLevels,
  failuresOf,
  formatDuration,
  groupByReason,
  OUTCOME_SIGN,
  OUTCOME_WORDS,
  runLine,
  verdictOf,
  weightInWords,
} from '../results/wording';

/** How much of a report goes into Markdown (bytes of UTF-8), and what decides its verdict. */
export interface MarkdownOptions extends ExitOptions {
  /** The most that the text may take, in bytes of UTF-8; a GitHub job summary takes 1 MiB. Details go first. */
  readonly maxBytes?: number;
}

const JOB_SUMMARY_BYTES = 1_000_000;

/**
 * The report as GitHub-flavoured Markdown, fit for a job summary: verdict, table of suites, failures, what was not
 * checked, sections. Everything that a host sent stands in code, where nothing is marked up.
 */
export function writeMarkdown(report: Report, options: MarkdownOptions = {}): string {
  const maxBytes = options.maxBytes ?? JOB_SUMMARY_BYTES;
  const causes = causesOf(failuresOf(report, decidingLevels(report, options)));
  const withFirst = (shown: number): string =>
    compose(report, options, causes.slice(0, shown), failuresIn(causes.slice(shown)));
  let text = withFirst(causes.length);
  for (const shown of [100, 20, 0]) {
    if (Buffer.byteLength(text) <= maxBytes) break;
    text = withFirst(shown);
  }
  return text;
}

function compose(report: Report, options: MarkdownOptions, causes: readonly Cause[], hidden: number): string {
  const verdict = verdictOf(report, options);
  const failOn = decidingLevels(report, options);
  const blocks = [
    `## ${verdict.good ? '✅' : '❌'} kmsspec: ${verdict.word.toLowerCase()}`,
    escapeMarkdown(verdict.sentence),
    `${markdownCode(runLine(report))}, ${formatDuration(report.run.durationMs)}, ${markdownCode(report.run.command)}`,
    suiteTable(report.results),
    ...(causes.length === 0 ? [] : ['### Failures']),
    ...causes.map((cause) => causeBlock(cause, failOn)),
    ...(hidden > 0 ? [`… and ${hidden} more, in the HTML and JSON reports.`] : []),
    ...(report.findings ?? []).slice(0, 50).map(findingBlock),
    ...(report.replay === undefined ? [] : [replayBlock(report.replay)]),
    ...(report.trajectory?.firstDifference === undefined
      ? []
      : [
          `### Counts\n\nFirst difference at request ${requestNumber(report.trajectory)(report.trajectory.firstDifference.index)}: ${markdownCode(report.trajectory.firstDifference.message)}`,
        ]),
    ...(report.latency === undefined ? [] : [latencyBlock(report.latency)]),
    ...(report.coverage === undefined ? [] : [coverageBlock(report.coverage)]),
    fleetBlock(report),
    discoveryBlock(report),
    notChecked(report.results),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function suiteTable(results: readonly Result[]): string {
  if (results.length === 0) return '';
  const outcomes = OUTCOMES.filter((outcome) => results.some((result) => result.outcome === outcome));
  const suites = [...new Set(results.map(({ suite }) => suite))];
  const row = (name: string, of: readonly Result[]): string[] => [
    name,
    ...outcomes.map((outcome) => String(of.filter((result) => result.outcome === outcome).length)),
  ];
  return markdownTable(
    ['Suite', ...outcomes.map((outcome) => `${OUTCOME_SIGN[outcome]} ${OUTCOME_WORDS[outcome]}`)],
    [
      ...suites.map((suite) =>
        row(
          escapeMarkdown(suite),
          results.filter((result) => result.suite === suite),
        ),
      ),
      ...(suites.length > 1 ? [row('**all**', results)] : []),
    ],
  );
}

const failuresIn = (causes: readonly Cause[]): number =>
  causes.reduce((sum, { others }) => sum + 1 + others.length, 0);

function causeBlock(cause: Cause, failOn: readonly Level[]): string {
  const alike = causeInWords(cause);
  const first = failure(cause.first, failOn);
  if (alike === undefined) return first;
  return `${first}\n\n${markdownCode(alike)}: beside it ${escapeMarkdown(othersInWords(cause))}`;
}

function failure(result: Result, failOn: readonly Level[]): string {
  const weight = weightInWords(result.level, decides(result, failOn));
  const facts = {
    Source: result.source,
    Message: messageBesideSource(result),
    Expected: result.expected,
    Received: result.received,
    Reason: result.reason,
    Ticket: result.ticket,
    Repeat: result.repeat,
  };
  const evidence = markedEvidence(result).map((each) => markdownBlock(evidenceText(each)));
  return [
    `#### ${OUTCOME_SIGN[result.outcome]} ${escapeMarkdown(result.id)} (${weight}): ${escapeMarkdown(result.title)}`,
    list(facts),
    ...(evidence.length === 0
      ? []
      : [`<details><summary>Exchange</summary>\n\n${evidence.join('\n\n')}\n\n</details>`]),
  ].join('\n\n');
}

function list(facts: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(facts)
    .filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '')
    .map(([name, value]) => `- ${name}: ${markdownCode(value)}`)
    .join('\n');
}

function findingBlock(finding: Finding): string {
  return [
    `### ${isOpen(finding) ? '✗' : '✓'} Finding ${markdownCode(finding.id)} (${finding.state}, ${finding.requests} requests)`,
    list({
      Title: finding.title,
      Breaks: brokenRequirement(finding),
      Oracle: finding.oracle,
      Sent: finding.sent?.join('; '),
      Message: finding.message,
      Reason: finding.reason,
      Expected: finding.expected,
      Received: finding.received,
      Cause: finding.cause,
      Also: finding.also?.join(', '),
      Repeat: finding.repeat,
    }),
  ].join('\n\n');
}

function replayBlock(replay: Replay): string {
  const { capture, exchanges } = replay;
  const counts = replayCounts(replay);
  const wrong = exchanges.filter(({ verdict }) => verdict === 'differs');
  const rows = wrong
    .slice(0, 50)
    .flatMap(({ index, mustNotDiffer }) =>
      mustNotDiffer.map(({ path, recorded, answered }) => [
        String(index),
        markdownCode(path),
        markdownCode(recorded ?? 'nothing'),
        markdownCode(answered ?? 'nothing'),
      ]),
    );
  return [
    `### Replay of ${markdownCode(capture)}`,
    `${counts.agrees} of ${counts.sent} answers agree with their recording, ${counts.differs} differ.`,
    ...(counts.unlisted === 0
      ? []
      : [`${counts.unlisted} of them are not listed one by one: ${unlistedWords(replay)}.`]),
    ...(rows.length === 0 ? [] : [markdownTable(['Exchange', 'Field', 'Recorded', 'Answered'], rows)]),
  ].join('\n\n');
}

function latencyBlock(latency: Latency): string {
  const percentiles = [
    ...new Set(latency.series.flatMap((series) => series.percentiles.map((each) => each.percentile))),
  ];
  const rows = latency.series.map((series) => [
    escapeMarkdown(series.name),
    ...percentiles.map((percentile) => {
      const found = series.percentiles.find((each) => each.percentile === percentile);
      return found === undefined ? '–' : formatDuration(found.ms);
    }),
  ]);
  const budgets = (latency.budgets ?? []).map(
    ({ name, limit, measured, held }) =>
      `- ${held ? '✓ held' : '✗ broken'}: ${markdownCode(name)} ${limit}, measured ${measured}`,
  );
  return [
    `### Latency at ${latency.achievedPerSecond.toFixed(1)} requests a second`,
    markdownTable(['Measured', ...percentiles.map((percentile) => `p${percentile}`)], rows),
    ...(budgets.length === 0 ? [] : [budgets.join('\n')]),
    ...(latency.warnings ?? []).map((warning) => `⚠ ${markdownCode(warning)}`),
  ].join('\n\n');
}

function fleetBlock({ fleet }: Report): string {
  if (fleet === undefined) return '';
  const hours = (value: number | null): string => (value === null ? 'never' : `${value.toFixed(1)} h`);
  return `### Fleet\n\n${fleet.clients} machines over ${fleet.days} days: ${fleet.activated} activated (the first after ${hours(fleet.firstActivationHour)}, the last after ${hours(fleet.lastActivationHour)}), ${fleet.neverActivated} never.`;
}

function discoveryBlock({ discovery }: Report): string {
  if (discovery === undefined) return '';
  return discovery.domains
    .map(({ domain, hosts }) =>
      [
        `### Hosts of ${markdownCode(domain)}`,
        markdownTable(
          ['Host', 'Verdict', 'Priority', 'Weight', 'Why'],
          hosts.map(({ name, port, verdicts, priority, weight, message = '' }) => [
            markdownCode(`${name}:${port}`),
            verdicts.join(', '),
            String(priority),
            String(weight),
            markdownCode(message),
          ]),
        ),
      ].join('\n\n'),
    )
    .join('\n\n');
}

function notChecked(results: readonly Result[]): string {
  const groups = groupByReason(results);
  if (groups.length === 0) return '';
  const lines = groups.map(
    ({ outcome, reason, ids }) =>
      `- ${OUTCOME_WORDS[outcome]}: ${markdownCode(reason)} (${ids.slice(0, 40).map(escapeMarkdown).join(', ')}${ids.length > 40 ? `, … ${ids.length} in all` : ''})`,
  );
  return `<details><summary>Not checked, or known (${groups.reduce((sum, { ids }) => sum + ids.length, 0)})</summary>\n\n${lines.join('\n')}\n\n</details>`;
}
