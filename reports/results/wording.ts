import { isOpen } from './is-open';
import { exitCode, EXIT, type ExitOptions } from './exit-code';
import { DEFAULT_FAIL_ON, LEVELS, OUTCOMES, type Level, type Outcome } from './levels';
import type { Finding, Report, Result } from './model';
import { replayCounts } from './replay-counts';

/** A sign for each outcome, so that no reader depends on colour. */
export const OUTCOME_SIGN: Readonly<Record<Outcome, string>> = {
  failed: '✗',
  'unexpected-pass': '!',
  'not-run': '…',
  inconclusive: '?',
  untestable: '–',
  'expected-failure': '≈',
  excluded: '○',
  passed: '✓',
};

/** Outcomes in words. */
export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  failed: 'failed',
  'unexpected-pass': 'unexpected pass',
  'not-run': 'not run',
  inconclusive: 'inconclusive',
  untestable: 'untestable',
  'expected-failure': 'expected failure',
  excluded: 'excluded',
  passed: 'passed',
};

/** The levels that decide, as the caller, the report or the default says. */
export function decidingLevels(report: Report, options: ExitOptions = {}): readonly Level[] {
  return options.failOn ?? report.run.failOn ?? DEFAULT_FAIL_ON;
}

/** True where this result makes the run fail. */
export function decides(result: Result, failOn: readonly Level[]): boolean {
  return (
    result.outcome === 'unexpected-pass' ||
    (result.outcome === 'failed' && failOn.includes(result.level)) ||
    (result.required === true && result.outcome !== 'passed')
  );
}

/** `MUST`, or `SHOULD, non-blocking`: a level, and whether a failure of it fails this run. */
export const weightInWords = (level: Level, blocks: boolean): string =>
  blocks ? level : `${level}, non-blocking`;

/** Results that a reader has to look at: failures and unexpected passes, those of `--require` first, then what else decides. */
export function failuresOf(report: Report, failOn: readonly Level[]): Result[] {
  const failures = report.results.filter((result) => result.outcome === 'failed' || decides(result, failOn));
  return [
    ...failures.filter(({ required }) => required === true),
    ...failures.filter((result) => result.required !== true && decides(result, failOn)),
    ...failures.filter((result) => !decides(result, failOn)),
  ];
}

/** `12 passed, 1 failed, 2 untestable`: what there is, worst first. */
export function countsInWords(results: readonly Pick<Result, 'outcome'>[]): string {
  const counts = OUTCOMES.map((outcome) => ({
    outcome,
    count: results.filter((result) => result.outcome === outcome).length,
  })).filter(({ count }) => count > 0);
  if (counts.length === 0) return 'no results';
  return counts.map(({ outcome, count }) => `${count} ${OUTCOME_WORDS[outcome]}`).join(', ');
}

/** The verdict of a report: a word, and a sentence. */
export interface Verdict {
  readonly word: 'PASSED' | 'FAILED' | 'TARGET LOST' | 'NOTHING CONCLUSIVE' | 'INTERRUPTED';
  /** Whether a reader may be content. */
  readonly good: boolean;
  readonly sentence: string;
}

/** What kept a report from a verdict: the machine that ran it, or all that it came to. */
function inconclusiveInWords({ run: { limits = [] }, results }: Report): string {
  const [reason, ...further] = new Set(results.flatMap((each) => each.reason ?? []));
  const why = reason === undefined || further.length > 0 ? '' : ` (${reason})`;
  return limits.length === 0
    ? `Nothing could be checked${why}`
    : `This machine did not suffice (${limits.join('; ')})`;
}

/** The whole report in a word and a sentence; agrees with the exit code by construction. */
export function verdictOf(report: Report, options: ExitOptions = {}): Verdict {
  const why = report.run.endedMessage === undefined ? '' : ` (${report.run.endedMessage})`;
  const counts = countsInWords(report.results);
  switch (exitCode(report, options)) {
    case EXIT.holds:
      return { word: 'PASSED', good: true, sentence: passedSentence(report) };
    case EXIT.targetLost:
      return {
        word: 'TARGET LOST',
        good: false,
        sentence: `The target could not be reached or died${why}: ${counts}.`,
      };
    case EXIT.inconclusive:
      return {
        word: 'NOTHING CONCLUSIVE',
        good: false,
        sentence: `${inconclusiveInWords(report)}: ${counts}.`,
      };
    case EXIT.interrupted:
    case EXIT.terminated:
      return {
        word: 'INTERRUPTED',
        good: false,
        sentence: `The run ended before its time${why}: ${counts}.`,
      };
    case EXIT.failed:
    case EXIT.usage:
      return { word: 'FAILED', good: false, sentence: failedSentence(report, options, why) };
  }
}

const CHECKED: ReadonlySet<Outcome> = new Set(['passed', 'failed', 'expected-failure', 'unexpected-pass']);

/** How many results came to a verdict, and how many there are. */
export function checkedOf(results: readonly Pick<Result, 'outcome'>[]): {
  readonly checked: number;
  readonly all: number;
} {
  return { checked: results.filter(({ outcome }) => CHECKED.has(outcome)).length, all: results.length };
}

/** `87 of 112 requirements; 25 not checked`. */
function passedSentence({ results, run }: Report): string {
  const passed = results.filter(({ outcome }) => outcome === 'passed').length;
  const known = results.filter(({ outcome }) => outcome === 'expected-failure').length;
  const lesser = results.filter(({ outcome }) => outcome === 'failed');
  const parts = [
    `${passed} of ${counted(results.length, nounOf(run.verb))}`,
    ...(known === 0 ? [] : [`${known} failed as the baseline says`]),
    ...(lesser.length === 0
      ? []
      : [`${lesser.length} failed and ${isOrAre(lesser.length)} non-blocking (${byLevel(lesser)})`]),
    ...notChecked(results),
  ];
  return `${parts.join('; ')}.`;
}

/** `6 of 87 checked requirements (4 MUST, 2 DESIGN); 25 not checked`, and what else failed. */
function failedSentence(report: Report, options: ExitOptions, why: string): string {
  const failOn = decidingLevels(report, options);
  const deciding = report.results.filter((result) => decides(result, failOn));
  const lesser = report.results.filter((result) => result.outcome === 'failed' && !decides(result, failOn));
  const unchecked = deciding.filter(({ outcome }) => !CHECKED.has(outcome));
  const { checked } = checkedOf(report.results);
  const failed = deciding.length - unchecked.length;
  const parts = [
    ...(failed === 0
      ? []
      : [
          `${failed} of ${counted(checked, checkedNounOf(report.run.verb))} (${byLevel(deciding.filter(({ outcome }) => CHECKED.has(outcome)))})`,
        ]),
    ...(unchecked.length === 0 ? [] : [`${unchecked.length} required and not checked`]),
    ...otherFailures(report),
    ...(lesser.length === 0
      ? []
      : [`${lesser.length} more failed and ${isOrAre(lesser.length)} non-blocking (${byLevel(lesser)})`]),
    ...notChecked(report.results),
  ];
  const isDeath = failed === 0 && unchecked.length === 0 && otherFailures(report).length === 0;
  return `${(isDeath ? ['the target died', ...parts] : parts).join('; ')}${why}.`;
}

/** What fails a run beside its results. */
function otherFailures(report: Report): string[] {
  const parts = [
    [(report.findings ?? []).filter(isOpen).length, ['finding', 'findings']],
    [
      replayCounts(report.replay).differs,
      ['exchange that differs from its recording', 'exchanges that differ from their recording'],
    ],
    [(report.latency?.budgets ?? []).filter(({ held }) => !held).length, ['broken budget', 'broken budgets']],
  ] as const;
  return parts.filter(([count]) => count > 0).map(([count, noun]) => counted(count, noun));
}

type Noun = readonly [one: string, many: string];

/** What results are: those of `run` are requirements; other verbs check a few things of their own. */
const nounOf = (verb = 'run'): Noun =>
  verb === 'run' ? ['requirement', 'requirements'] : ['check', 'checks'];

const checkedNounOf = (verb = 'run'): Noun =>
  verb === 'run' ? ['checked requirement', 'checked requirements'] : nounOf(verb);

const counted = (count: number, [one, many]: Noun): string => `${count} ${count === 1 ? one : many}`;
const isOrAre = (count: number): string => (count === 1 ? 'is' : 'are');

function notChecked(results: readonly Pick<Result, 'outcome'>[]): string[] {
  const { checked, all } = checkedOf(results);
  return all === checked ? [] : [`${all - checked} not checked`];
}

/** `4 MUST, 2 DESIGN`. */
function byLevel(results: readonly Pick<Result, 'level'>[]): string {
  return LEVELS.map((level) => [level, results.filter((result) => result.level === level).length] as const)
    .filter(([, count]) => count > 0)
    .map(([level, count]) => `${count} ${level}`)
    .join(', ');
}

/** `850 µs`, `3.2 ms`, `12.4 s`, `3 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1) return `${Math.round(ms * 1000)} µs`;
  if (ms < 1000) return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** The target of a run: its address, and that it is the embedded host where that does not show. */
export function targetInWords({ address, embedded }: Report['target']): string {
  return embedded && !address.includes('lab host') ? `embedded lab host ${address}` : address;
}

/** What was run against what, in one line. */
export function runLine(report: Report): string {
  const { run, target } = report;
  const shard = run.shard === null ? '' : `, shard ${run.shard.index}/${run.shard.of}`;
  const host = target.embedded ? targetInWords(target) : `host ${target.address}`;
  return `${host}, profile ${target.profile}, seed ${run.seed}${shard}`;
}

/** Why something was not checked, with the ids that it concerns: results grouped by outcome and reason. */
export function groupByReason(
  results: readonly Result[],
): { outcome: Outcome; reason: string; ids: string[] }[] {
  const groups = new Map<string, { outcome: Outcome; reason: string; ids: string[] }>();
  for (const { outcome, reason, message, id } of results) {
    if (outcome === 'passed' || outcome === 'failed' || outcome === 'unexpected-pass') continue;
    const why = reason ?? message ?? 'no reason given';
    const key = `${outcome}\n${why}`;
    const group = groups.get(key) ?? { outcome, reason: why, ids: [] };
    group.ids.push(id);
    groups.set(key, group);
  }
  return [...groups.values()].sort(
    (one, other) => OUTCOMES.indexOf(one.outcome) - OUTCOMES.indexOf(other.outcome),
  );
}

/** The requirement that a finding breaks, with its level and source; undefined where it names none. */
export function brokenRequirement({
  requirement,
  level,
  source,
}: Pick<Finding, 'requirement' | 'level' | 'source'>): string | undefined {
  if (requirement === undefined) return undefined;
  return `${requirement}${level === undefined ? '' : ` (${level})`}${source === undefined ? '' : `: ${source}`}`;
}
