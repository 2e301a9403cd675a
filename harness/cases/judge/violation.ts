import type { ProtocolErrorDetails } from '../../../protocol';
import type { ClauseId } from './clauses';

/** What judges a host: one word for each way in which it may be wrong. */
export const ORACLES = ['alive', 'in-time', 'count', 'conforms', 'leak', 'released'] as const;
export type Oracle = (typeof ORACLES)[number];

/** One thing that a host did wrong in a case. */
export interface Violation {
  readonly oracle: Oracle;
  /** The requirement that it breaks. */
  readonly clause: ClauseId;
  /** What differs, without the numbers of this run: with the oracle it names the group of a finding. */
  readonly differs: string;
  readonly message: string;
  readonly expected: string;
  readonly received: string;
}

export const groupOf = ({ oracle, differs }: Pick<Violation, 'oracle' | 'differs'>): string =>
  `${oracle}: ${differs}`;

/** @param differs without the numbers of this run */
export function violation(
  oracle: Oracle,
  clause: ClauseId,
  differs: string,
  expected: string | number | bigint,
  received: string | number | bigint,
): Violation {
  const [wanted, got] = [String(expected), String(received)];
  return {
    oracle,
    clause,
    differs,
    expected: wanted,
    received: got,
    message: `${differs}: expected ${wanted}, received ${got}`,
  };
}

/** An answer that does not decode: a stub that is not as it announces, or a PDU that is none. */
export function malformedAnswer(error: ProtocolErrorDetails): Violation {
  const clause = error.path.startsWith('rpc') ? 'RPC-08' : 'MSG-05';
  return violation('conforms', clause, `malformed answer, ${error.path}`, error.expected, error.actual);
}
