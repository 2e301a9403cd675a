import { isOpen } from '../results/is-open';
import { escapeXml } from '../escape/xml';
import { evidenceText } from '../evidence/evidence-text';
import { markedEvidence } from '../evidence/mark-field';
import type { ExitOptions } from '../results/exit-code';
import type { Level } from '../results/levels';
import type { Replay, ReplayedExchange, Report, Result } from '../results/model';
import { causesOf } from '../results/causes';
import { brokenRequirement, decides, decidingLevels, failuresOf, OUTCOME_WORDS } from '../results/wording';

/** What a test case came to, in JUnit's terms. `type` carries the outcome exactly. */
interface Verdict {
  readonly element: 'failure' | 'error' | 'skipped';
  readonly type: string;
  readonly message: string;
  readonly body: string;
}

interface TestCase {
  readonly suite: string;
  readonly name: string;
  readonly seconds: number;
  readonly verdict: Verdict | undefined;
  readonly output: string;
}

/**
 * The report as JUnit XML. Failures of deciding levels and unexpected passes are `failure`, not-run is `error`; all
 * else that did not pass is `skipped`, also a failure of a level that is non-blocking, so that a CI agrees with the exit code. The
 * `type` attribute is always the outcome. Findings, replayed exchanges and budgets are test cases of suites of their own.
 */
export function writeJUnit(report: Report, options: ExitOptions = {}): string {
  const failOn = decidingLevels(report, options);
  const firsts = firstOfCause(failuresOf(report, failOn));
  const cases = [
    ...report.results.map((result) => resultCase(result, failOn, firsts.get(result))),
    ...findingCases(report),
    ...replayCases(report),
    ...budgetCases(report),
  ];
  const suites = [...new Set(cases.map(({ suite }) => suite))];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="kmsspec" ${totals(cases)} time="${seconds(report.run.durationMs)}">`,
    ...suites.map((suite) =>
      suiteXml(
        report,
        suite,
        cases.filter((each) => each.suite === suite),
      ),
    ),
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteXml(report: Report, suite: string, cases: readonly TestCase[]): string {
  const { run, target, tool } = report;
  const time = cases.reduce((sum, each) => sum + each.seconds, 0);
  const properties: [string, string][] = [
    ['tool', `${tool.name} ${tool.version}`],
    ['target', target.address],
    ['profile', target.profile],
    ['seed', String(run.seed)],
    ['command', run.command],
    ...(run.shard === null ? [] : [['shard', `${run.shard.index}/${run.shard.of}`] as [string, string]]),
  ];
  const skipped = cases.filter(({ verdict }) => verdict?.element === 'skipped').length;
  return [
    `  <testsuite name="${escapeXml(suite)}" ${totals(cases)} skipped="${skipped}" time="${time.toFixed(6)}" timestamp="${escapeXml(run.startedAt)}">`,
    '    <properties>',
    ...properties.map(([name, value]) => `      <property name="${name}" value="${escapeXml(value)}"/>`),
    '    </properties>',
    ...cases.map(caseXml),
    '  </testsuite>',
  ].join('\n');
}

function caseXml({ suite, name, seconds: time, verdict, output }: TestCase): string {
  const open = `    <testcase name="${escapeXml(name)}" classname="${escapeXml(`kmsspec.${suite}`)}" time="${time.toFixed(6)}"`;
  const inner = [
    ...(verdict === undefined
      ? []
      : [
          `      <${verdict.element} message="${escapeXml(verdict.message)}" type="${escapeXml(verdict.type)}">${escapeXml(verdict.body)}</${verdict.element}>`,
        ]),
    ...(output === '' ? [] : [`      <system-out>${escapeXml(output)}</system-out>`]),
  ];
  return inner.length === 0 ? `${open}/>` : [`${open}>`, ...inner, '    </testcase>'].join('\n');
}

function totals(cases: readonly TestCase[]): string {
  const count = (element: Verdict['element']): number =>
    cases.filter(({ verdict }) => verdict?.element === element).length;
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}"`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(6);
}

/** Of failures that are like another one told in full: that one. */
function firstOfCause(failures: readonly Result[]): Map<Result, Result> {
  return new Map(
    causesOf(failures).flatMap(({ first, others }) => others.map((other) => [other, first] as const)),
  );
}

function resultCase(result: Result, failOn: readonly Level[], first: Result | undefined): TestCase {
  return {
    suite: result.suite,
    name: `${result.id} ${result.title}`,
    seconds: result.durationMs / 1000,
    verdict: verdictOfResult(result, failOn),
    output: [
      ...(result.notes ?? []),
      ...(first === undefined
        ? markedEvidence(result).map(evidenceText)
        : [`fails as ${first.id} does: its exchange is shown there`]),
    ].join('\n\n'),
  };
}

function verdictOfResult(result: Result, failOn: readonly Level[]): Verdict | undefined {
  const { outcome, level, source, message, reason, expected, received, repeat, ticket } = result;
  if (outcome === 'passed') return undefined;
  const why = message ?? reason ?? OUTCOME_WORDS[outcome];
  const body = lines({ level, source, message, reason, expected, received, ticket, repeat });
  if (decides(result, failOn)) return { element: 'failure', type: outcome, message: why, body };
  if (outcome === 'not-run') return { element: 'error', type: outcome, message: why, body };
  const prefix = outcome === 'failed' ? `failed, and ${level} is non-blocking: ` : '';
  return { element: 'skipped', type: outcome, message: prefix + why, body };
}

function findingCases({ findings = [] }: Report): TestCase[] {
  return findings.map((finding) => ({
    suite: 'findings',
    name: `${finding.id} ${finding.title}`,
    seconds: 0,
    verdict: !isOpen(finding)
      ? undefined
      : {
          element: 'failure',
          type: finding.state,
          message: finding.message,
          body: lines({
            breaks: brokenRequirement(finding),
            oracle: finding.oracle,
            expected: finding.expected,
            received: finding.received,
            folder: finding.folder,
            repeat: finding.repeat,
          }),
        },
    output: (finding.evidence ?? []).map(evidenceText).join('\n\n'),
  }));
}

function replayCases({ replay }: Report): TestCase[] {
  if (replay === undefined) return [];
  const listed = replay.exchanges.map(
    ({ index, sent, verdict, mustNotDiffer, note, evidence = [] }): TestCase => ({
      suite: 'replay',
      name: `exchange ${index}: ${sent}`,
      seconds: 0,
      verdict: replayVerdict(verdict, {
        message: note ?? mustNotDiffer.map(({ path }) => path).join(', '),
        body: mustNotDiffer
          .map(
            ({ path, recorded, answered, reason }) =>
              `${path}: recorded ${recorded ?? 'nothing'}, answered ${answered ?? 'nothing'} (${reason})`,
          )
          .join('\n'),
      }),
      output: evidence.map(evidenceText).join('\n\n'),
    }),
  );
  return [...listed, ...unlistedCases(replay)];
}

function replayVerdict(
  verdict: ReplayedExchange['verdict'],
  told: { readonly message: string; readonly body: string },
): TestCase['verdict'] {
  if (verdict === 'agrees') return undefined;
  return { element: verdict === 'differs' ? 'failure' : 'skipped', type: verdict, ...told };
}

/** One for each verdict: exchanges of which there is no room to tell. */
function unlistedCases({ unlisted }: Replay): TestCase[] {
  if (unlisted === undefined) return [];
  const words = { differs: 'differ', 'not-comparable': 'cannot be compared', agrees: 'agree' };
  return (['differs', 'not-comparable', 'agrees'] as const)
    .filter((verdict) => unlisted[verdict] > 0)
    .map(
      (verdict): TestCase => ({
        suite: 'replay',
        name: `exchanges that ${words[verdict]} and are not listed: ${unlisted[verdict]}`,
        seconds: 0,
        verdict: replayVerdict(verdict, { message: '', body: '' }),
        output: '',
      }),
    );
}

function budgetCases({ latency }: Report): TestCase[] {
  return (latency?.budgets ?? []).map(({ name, limit, measured, held }) => ({
    suite: 'budgets',
    name,
    seconds: 0,
    verdict: held
      ? undefined
      : {
          element: 'failure',
          type: 'budget',
          message: `measured ${measured}, the budget is ${limit}`,
          body: '',
        },
    output: '',
  }));
}

function lines(named: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(named)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}
