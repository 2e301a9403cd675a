import { classOfMessage } from '../../../reports/results/failure-class';
import type { Evidence, Outcome, Result } from '../../../reports/results/result';
import { sourceOf } from './requirement-entry';
import type { Scenario } from './scenario';
import { CountBeyondCapacity } from './count-beyond-capacity';
import { Inconclusive, Untestable } from './verdict';
import { HostFailure } from '../../client';
import { ControlFailure } from '../../target';
import { ProtocolError } from '../../../protocol';
import { notSufficient } from '../../support/local-limits';
import { UsageError } from '../../support/usage-error';
import { failureMessage, failureWords } from './wording/failure';

/** What one attempt at one scenario came to. */
export interface ScenarioOutcome {
  readonly outcome: Extract<Outcome, 'passed' | 'failed' | 'inconclusive' | 'untestable' | 'not-run'>;
  readonly message?: string;
  readonly reason?: string;
  readonly expected?: string;
  readonly received?: string;
  readonly field?: Result['field'];
  readonly failureClass?: string;
  /** The host was turned to, and had said nothing when the scenario ended. */
  readonly owesAnswer?: boolean;
  /** It failed before it began, by the count that was found. */
  readonly beyondCapacity?: true;
  /** It is inconclusive because a control failed. */
  readonly controlFailed?: true;
  readonly notes: readonly string[];
  readonly durationMs: number;
  readonly evidence: readonly Evidence[];
}

/** What the runner saw of a scenario while it ran. */
export interface Observed {
  readonly notes: readonly string[];
  readonly durationMs: number;
  readonly evidence: () => readonly Evidence[];
  /** Machines that the host counted before; on a host that could be emptied, and where no count was looked at, 0. */
  readonly foundCount?: number;
  /** The host was turned to, and has said nothing since. */
  readonly owesAnswer?: boolean;
  /** The last thing that was sent, in words. */
  readonly lastSent: string;
  /** What this machine ran out of since the suite began: what fails behind that is no failure of the host. */
  readonly limits: readonly string[];
}

export const passed = ({ notes, durationMs }: Observed): ScenarioOutcome => ({
  outcome: 'passed',
  notes,
  durationMs,
  evidence: [],
});

export const unchecked = (
  outcome: 'inconclusive' | 'untestable' | 'not-run',
  reason: string,
  durationMs = 0,
  notes: readonly string[] = [],
): ScenarioOutcome => ({ outcome, reason, notes, durationMs, evidence: [] });

/** The outcome that an error stands for: a verdict, a failure of the host, or a defect of the scenario, which is told as one. */
export function outcomeOfError(scenario: Scenario, error: unknown, observed: Observed): ScenarioOutcome {
  const { durationMs, notes } = observed;
  if (error instanceof Inconclusive) return unchecked('inconclusive', error.message, durationMs, notes);
  if (error instanceof Untestable) return unchecked('untestable', error.message, durationMs, notes);
  if (error instanceof ControlFailure) {
    return { ...unchecked('inconclusive', error.message, durationMs, notes), controlFailed: true };
  }
  if (error instanceof HostFailure && error.kind === 'local-limit') {
    return unchecked('inconclusive', error.message, durationMs, notes);
  }
  const words = failureWords(error);
  if (!isJudgement(error)) {
    return unchecked('inconclusive', `the scenario itself failed: ${words.what}`, durationMs, notes);
  }
  const [limit] = observed.limits;
  if (limit !== undefined) {
    const reason = `${notSufficient([limit])}; ${words.what}`;
    return unchecked('inconclusive', reason, durationMs, notes);
  }
  const { expected, received, field } = words;
  const hint = words.hint ?? scenario.entry.usually;
  return {
    outcome: 'failed',
    message: failureMessage(
      observed.lastSent,
      hint === undefined ? words : { ...words, hint },
      sourceOf(scenario.entry),
    ),
    ...(expected === undefined ? {} : { expected }),
    ...(received === undefined ? {} : { received }),
    ...(field === undefined ? {} : { field }),
    failureClass: classOfMessage(words.what, { counts: (observed.foundCount ?? 0) === 0 }),
    notes,
    durationMs,
    evidence: observed.evidence(),
    ...(observed.owesAnswer === true ? { owesAnswer: true } : {}),
    ...(error instanceof CountBeyondCapacity ? { beyondCapacity: true } : {}),
  };
}

/** Errors that a scenario makes where it is wrong itself, and that say nothing of the host. */
const DEFECTS = [TypeError, ReferenceError, RangeError, SyntaxError, ProtocolError, UsageError];

const isJudgement = (error: unknown): boolean => !DEFECTS.some((defect) => error instanceof defect);
