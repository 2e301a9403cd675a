import { inspect } from 'node:util';
import { classOfMessage } from '../../reports/failure-class';
import type { Evidence, Outcome } from '../../reports/result';
import { sourceOf } from './requirement-entry';
import type { Scenario } from './registry';
import { Deviation, Inconclusive, Untestable } from './verdict';
import { HostFailure } from '../client';
import { ControlFailure } from '../target';
import { ProtocolError } from '../../protocol';
import { UsageError } from '../usage-error';

/** What one attempt at one scenario came to. */
export interface ScenarioOutcome {
  readonly outcome: Extract<Outcome, 'passed' | 'failed' | 'inconclusive' | 'untestable' | 'not-run'>;
  readonly message?: string;
  readonly reason?: string;
  readonly expected?: string;
  readonly received?: string;
  readonly failureClass?: string;
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
  /** The last thing that was sent, in words. */
  readonly lastSent: string;
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
  const message = messageOf(error);
  if (!isJudgement(error)) {
    return unchecked('inconclusive', `the scenario itself failed: ${message}`, durationMs, notes);
  }
  const { expected, received } = comparison(error);
  return {
    outcome: 'failed',
    message: `sent ${observed.lastSent}; ${message} (${sourceOf(scenario.entry)})`,
    ...(expected === undefined ? {} : { expected }),
    ...(received === undefined ? {} : { received }),
    failureClass: classOfMessage(message, { counts: (observed.foundCount ?? 0) === 0 }),
    notes,
    durationMs,
    evidence: observed.evidence(),
  };
}

/** Errors that a scenario makes where it is wrong itself, and that say nothing of the host. */
const DEFECTS = [TypeError, ReferenceError, RangeError, SyntaxError, ProtocolError, UsageError];

const isJudgement = (error: unknown): boolean => !DEFECTS.some((defect) => error instanceof defect);

/** What an error says. Where chai compares two values, in the order and the words of all other messages. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const equality = /^((?:.*?: )?expected ).* to (?:deeply )?equal /s.exec(error.message);
  if (equality === null || !('actual' in error) || !('expected' in error)) {
    return error.message.replace(/(?<= )\+0\b/g, '0');
  }
  return `${equality[1]}${inLine(error.expected)}, received ${inLine(error.actual)}`;
}

const inLine = (value: unknown): string => inspect(value, { breakLength: Infinity, compact: true });

function comparison(error: unknown): { expected?: string | undefined; received?: string | undefined } {
  if (error instanceof Deviation) return error;
  if (error instanceof HostFailure) return { expected: 'an answer', received: error.message };
  const { expected, actual } = error as { expected?: unknown; actual?: unknown };
  return {
    ...(expected === undefined ? {} : { expected: shown(expected) }),
    ...(actual === undefined ? {} : { received: shown(actual) }),
  };
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return value.toString();
  return (
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner)) ?? ''
  );
}
