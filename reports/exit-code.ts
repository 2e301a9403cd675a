import { DEFAULT_FAIL_ON, type Level, type Outcome } from './levels';
import type { Report } from './model';

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
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface ExitOptions {
  /** Levels whose failures decide; without it what the report says of itself, else MUST and DESIGN. */
  readonly failOn?: readonly Level[];
}

const CONCLUSIVE: ReadonlySet<Outcome> = new Set(['passed', 'failed', 'expected-failure', 'unexpected-pass']);

/**
 * The exit code that a report stands for. An interruption outweighs all, a lost target (3) outweighs failures (1), save
 * in `fuzz`, where a host that died is a finding; failures outweigh "nothing was conclusive" (4).
 */
export function exitCode(report: Report, options: ExitOptions = {}): ExitCode {
  const ended = report.run.ended ?? 'complete';
  if (ended === 'interrupted') return EXIT.interrupted;
  if (ended === 'terminated') return EXIT.terminated;
  if (ended === 'target-unreachable') return EXIT.targetLost;
  if (ended === 'target-died') return report.run.verb === 'fuzz' ? EXIT.failed : EXIT.targetLost;
  const failOn = options.failOn ?? report.run.failOn ?? DEFAULT_FAIL_ON;
  if (holdsFailure(report, failOn)) return EXIT.failed;
  return isConclusive(report) ? EXIT.holds : EXIT.inconclusive;
}

/** True where a result of a level in `failOn`, a finding, a replayed exchange or a budget says that the host is wrong. */
export function holdsFailure(report: Report, failOn: readonly Level[]): boolean {
  return (
    report.results.some(
      ({ outcome, level }) =>
        outcome === 'unexpected-pass' || (outcome === 'failed' && failOn.includes(level)),
    ) ||
    (report.findings ?? []).some(({ state }) => state !== 'fixed') ||
    (report.replay?.exchanges ?? []).some(({ verdict }) => verdict === 'differs') ||
    (report.latency?.budgets ?? []).some(({ held }) => !held)
  );
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
