import { DEFAULT_FAIL_ON, type Level, type Outcome } from './levels';
import { isOpen } from './is-open';
import type { Finding, Report } from './model';
import { replayCounts } from './replay-counts';
import type { Result } from './result';

/** Exit codes of the command line. `usage` is never the outcome of a report: the command line gives it before there is one. */
export const EXIT = {
  holds: 0,
  failed: 1,
  usage: 2,
  targetLost: 3,
  inconclusive: 4,
  interrupted: 130,
  terminated: 143,
} as const;
/** An exit code of kmsspec; see {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What decides the exit code. */
export interface ExitOptions {
  /** Levels whose failures decide; without it what the report says of itself, else MUST and DESIGN. */
  readonly failOn?: readonly Level[];
}

const CONCLUSIVE: ReadonlySet<Outcome> = new Set(['passed', 'failed', 'expected-failure', 'unexpected-pass']);

/**
 * The exit code that a report stands for. An interruption outweighs all, a target that was not reached or went away by itself (3)
 * outweighs failures (1); one that died of what it was sent has failed (1). Failures outweigh "nothing was conclusive" (4).
 */
export function exitCode(report: Report, options: ExitOptions = {}): ExitCode {
  const ended = report.run.ended ?? 'complete';
  const failOn = options.failOn ?? report.run.failOn ?? DEFAULT_FAIL_ON;
  if (ended === 'interrupted') return EXIT.interrupted;
  if (ended === 'terminated') return EXIT.terminated;
  // What failed in `run` before a limit was met was judged; other verbs judge the whole of what they did.
  const limited = (report.run.limits ?? []).length > 0;
  if (limited && (report.run.verb !== 'run' || !holdsFailure(report, failOn))) return EXIT.inconclusive;
  if (ended === 'target-unreachable') return EXIT.targetLost;
  const provoked = report.run.verb === 'fuzz' || (report.run.diedIn ?? []).length > 0;
  if (ended === 'target-died') return provoked ? EXIT.failed : EXIT.targetLost;
  if (holdsFailure(report, failOn) || (report.run.diedIn ?? []).length > 0) return EXIT.failed;
  return isConclusive(report) ? EXIT.holds : EXIT.inconclusive;
}

/** True where a result of a level in `failOn`, a finding of one, a replayed exchange or a budget says that the host is wrong. */
export function holdsFailure(report: Report, failOn: readonly Level[]): boolean {
  return (
    report.results.some((result) => resultDecides(result, failOn)) ||
    (report.findings ?? []).some((finding) => findingDecides(finding, failOn)) ||
    replayCounts(report.replay).differs > 0 ||
    (report.latency?.budgets ?? []).some(({ held }) => !held)
  );
}

/** Whether a result fails a run: a failure of such a level, a known failure that passes, or one that was required and did not pass. */
export function resultDecides(
  { outcome, level, required }: Pick<Result, 'outcome' | 'level' | 'required'>,
  failOn: readonly Level[],
): boolean {
  return (
    outcome === 'unexpected-pass' ||
    (outcome === 'failed' && failOn.includes(level)) ||
    (required === true && outcome !== 'passed')
  );
}

/** Whether a finding fails a run: it is there, and breaks a requirement of such a level, or of none that it tells. */
export function findingDecides(
  { state, level }: Pick<Finding, 'state' | 'level'>,
  failOn: readonly Level[],
): boolean {
  return isOpen({ state }) && (level === undefined || failOn.includes(level));
}

/**
 * True where at least one thing was really checked: a result that came to a verdict, a fuzz case, a finding that was tried again, a
 * latency budget. Of a replay the result says it: answers that agree beside counts that nobody can judge prove nothing.
 */
function isConclusive(report: Report): boolean {
  return (
    report.results.some(({ outcome }) => CONCLUSIVE.has(outcome)) ||
    (report.coverage?.cases ?? 0) > 0 ||
    (report.findings ?? []).length > 0 ||
    (report.latency?.budgets ?? []).length > 0
  );
}
