import { exitCode, EXIT, type ExitOptions } from './exit-code';
import { DEFAULT_FAIL_ON, OUTCOMES, type Level, type Outcome } from './levels';
import type { Report, Result } from './model';

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
    result.outcome === 'unexpected-pass' || (result.outcome === 'failed' && failOn.includes(result.level))
  );
}

/** Results that a reader has to look at: failures and unexpected passes, those that decide first. */
export function failuresOf(report: Report, failOn: readonly Level[]): Result[] {
  const failures = report.results.filter(
    ({ outcome }) => outcome === 'failed' || outcome === 'unexpected-pass',
  );
  return [
    ...failures.filter((result) => decides(result, failOn)),
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

export interface Verdict {
  readonly word: 'HOLDS' | 'FAILS' | 'TARGET LOST' | 'NOTHING CONCLUSIVE' | 'INTERRUPTED';
  /** Whether a reader may be content. */
  readonly good: boolean;
  readonly sentence: string;
}

/** The whole report in a word and a sentence; agrees with the exit code by construction. */
export function verdictOf(report: Report, options: ExitOptions = {}): Verdict {
  const counts = countsInWords(report.results);
  const why = report.run.endedMessage === undefined ? '' : ` (${report.run.endedMessage})`;
  switch (exitCode(report, options)) {
    case EXIT.holds:
      return {
        word: 'HOLDS',
        good: true,
        sentence: `Everything that was checked holds: ${counts}.${unclearInWords(report)}`,
      };
    case EXIT.targetLost:
      return {
        word: 'TARGET LOST',
        good: false,
        sentence: `The target could not be reached or died${why}: ${counts}.`,
      };
    case EXIT.inconclusive:
      return { word: 'NOTHING CONCLUSIVE', good: false, sentence: `Nothing could be checked: ${counts}.` };
    case EXIT.interrupted:
    case EXIT.terminated:
      return {
        word: 'INTERRUPTED',
        good: false,
        sentence: `The run ended before its time${why}: ${counts}.`,
      };
    case EXIT.failed:
    case EXIT.usage:
      return { word: 'FAILS', good: false, sentence: `${failureSentence(report, options)}${why}` };
  }
}

/** What could have been checked, and was not since it was not clear. */
function unclearInWords({ results }: Report): string {
  const unclear = results.filter(({ outcome }) => outcome === 'inconclusive').length;
  return unclear === 0 ? '' : ` ${unclear} could not be checked.`;
}

function failureSentence(report: Report, options: ExitOptions): string {
  const failOn = decidingLevels(report, options);
  const deciding = report.results.filter((result) => decides(result, failOn)).length;
  const parts = [
    [deciding, 'requirement', 'requirements'],
    [(report.findings ?? []).filter(({ state }) => state !== 'fixed').length, 'finding', 'findings'],
    [
      (report.replay?.exchanges ?? []).filter(({ verdict }) => verdict === 'differs').length,
      'exchange that differs from its recording',
      'exchanges that differ from their recording',
    ],
    [(report.latency?.budgets ?? []).filter(({ held }) => !held).length, 'broken budget', 'broken budgets'],
  ] as const;
  const said = parts
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => `${count} ${count === 1 ? one : many}`);
  const what = said.length === 0 ? 'The target died' : `To mend: ${said.join(', ')}`;
  return report.results.length === 0 ? `${what}.` : `${what}; of all: ${countsInWords(report.results)}.`;
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
