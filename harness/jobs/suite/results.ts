import type { Outcome, Result } from '../../../reports/results/result';
import { type RequirementEntry, sourceOf, suiteOf } from './requirement-entry';
import type { ScenarioOutcome } from './scenario-outcome';

/** Worst first: what several scenarios of a requirement, or several attempts, come to together. */
const WEIGHT: readonly Outcome[] = ['failed', 'not-run', 'inconclusive', 'untestable', 'passed'];

const weight = ({ outcome }: ScenarioOutcome): number => WEIGHT.indexOf(outcome);

/** The worst of several outcomes. */
export function worst(outcomes: readonly ScenarioOutcome[]): ScenarioOutcome {
  return outcomes.reduce((a, b) => (weight(b) < weight(a) ? b : a));
}

/** The result of a requirement that was tried: a single attempt, or several of which one that failed decides. */
export function resultOf(
  entry: RequirementEntry,
  attempts: readonly ScenarioOutcome[],
  repeat: (id: string) => string | undefined,
): Result {
  const outcome = worst(attempts);
  const notes = [...new Set(attempts.flatMap((attempt) => attempt.notes))];
  const again = outcome.outcome === 'failed' ? repeat(entry.id) : undefined;
  const { message, reason, expected, received, field, failureClass, evidence } = outcome;
  return {
    ...described(entry),
    outcome: outcome.outcome,
    ...(message === undefined ? {} : { message }),
    ...(reason === undefined ? {} : { reason }),
    ...(notes.length === 0 ? {} : { notes }),
    durationMs: attempts.reduce((sum, { durationMs }) => sum + durationMs, 0),
    ...(again === undefined ? {} : { repeat: again }),
    ...(expected === undefined ? {} : { expected }),
    ...(received === undefined ? {} : { received }),
    ...(field === undefined ? {} : { field }),
    ...(failureClass === undefined ? {} : { failureClass }),
    ...(evidence.length === 0 ? {} : { evidence: [...evidence] }),
    ...(attempts.length === 1 ? {} : severalAttempts(attempts)),
  };
}

function severalAttempts(attempts: readonly ScenarioOutcome[]): Pick<Result, 'attempts' | 'flaky'> {
  const failed = attempts.filter(({ outcome }) => outcome === 'failed').length;
  const held = attempts.filter(({ outcome }) => outcome === 'passed').length;
  return {
    attempts: attempts.map(({ outcome, message, durationMs }) => ({
      outcome,
      durationMs,
      ...(message === undefined ? {} : { message }),
    })),
    ...(failed > 0 && held > 0 ? { flaky: true } : {}),
  };
}

/** The result of a requirement that was not tried. */
export function untried(
  entry: RequirementEntry,
  outcome: 'excluded' | 'untestable' | 'not-run',
  reason: string,
): Result {
  return { ...described(entry), outcome, reason, durationMs: 0 };
}

function described(entry: RequirementEntry): Pick<Result, 'id' | 'level' | 'suite' | 'title' | 'source'> {
  const { id, level, title } = entry;
  return { id, level, suite: suiteOf(id), title, source: sourceOf(entry) };
}
