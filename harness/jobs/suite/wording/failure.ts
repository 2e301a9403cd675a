import type { ProtocolErrorDetails } from '../../../../protocol';
import { HostFailure } from '../../../client';
import { NotGranted } from '../host/reply';
import { expectationInWords, expectationOf } from './expectation';
import { hintOnNumbers, hintOnReply, hintOnUndecodable } from './hints';
import { valueInWords } from './values';

/** A failure of a scenario in the parts that messages and reports are made of. */
export interface FailureWords {
  /** What was expected and what came, or what the error says where it compares nothing. */
  readonly what: string;
  readonly expected?: string;
  readonly received?: string;
  /** Where it is, with the base of the offset. */
  readonly place?: string;
  /** What usually causes it. */
  readonly hint?: string;
  readonly field?: { readonly path: string; readonly expectedHex?: string };
}

/** What an error of a scenario says of the host. */
export function failureWords(error: unknown): FailureWords {
  if (error instanceof HostFailure) return ofHostFailure(error);
  if (!(error instanceof Error)) return { what: String(error) };
  const compared = expectationOf(error);
  if (compared !== null) {
    const { expected, received } = compared;
    const { expected: wanted, actual } = error as { expected?: unknown; actual?: unknown };
    return {
      what: expectationInWords(compared),
      expected,
      received,
      ...given({ hint: hintOnNumbers(wanted, actual) }),
    };
  }
  if (error instanceof NotGranted) {
    const { expected, actual } = error;
    return { what: error.message, expected, received: actual, ...given({ hint: hintOnReply(error.reply) }) };
  }
  return ofOther(error);
}

/** Deviations, and errors of a user's own scenarios that look like them. */
function ofOther(error: Error): FailureWords {
  const { expected, actual, place, hint, field } = error as Error & Partial<Record<string, unknown>>;
  return {
    what: error.message,
    ...(expected === undefined ? {} : { expected: inWords(expected) }),
    ...(actual === undefined ? {} : { received: inWords(actual) }),
    ...given({ place: textOf(place), hint: textOf(hint) }),
    ...(isField(field) ? { field } : {}),
  };
}

/** A deviation says both in words already: quoted again, its quotes would be escaped. */
const inWords = (value: unknown): string => (typeof value === 'string' ? value : valueInWords(value));

function ofHostFailure(failure: HostFailure): FailureWords {
  const hint = failure.details === undefined ? undefined : hintOnUndecodable(failure.details);
  return {
    what: `${failure.stage === 'connect' ? 'then ' : ''}the host ${failure.clause}`,
    expected: 'an answer',
    received: failure.clause,
    ...given({ hint }),
    ...(failure.details === undefined ? {} : { field: fieldOf(failure.details) }),
  };
}

const fieldOf = ({ path }: ProtocolErrorDetails): { path: string } => ({ path });

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const isField = (value: unknown): value is { path: string; expectedHex?: string } =>
  typeof value === 'object' && value !== null && 'path' in value && typeof value.path === 'string';

/** Only what there is: a report has no keys without values. */
function given<T extends Record<string, string | undefined>>(parts: T): Partial<Record<keyof T, string>> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as Partial<
    Record<keyof T, string>
  >;
}

/** The message of a failure: what was sent, what was expected and came, where, what usually causes it, and who says so. */
export function failureMessage(sent: string, { what, place, hint }: FailureWords, source: string): string {
  const where = place === undefined ? '' : `, ${place}`;
  const why = hint === undefined ? '' : `; ${hint}`;
  return `sent ${sent}; ${what}${where}${why} (${source})`;
}
