import type { ProtocolErrorDetails } from '../../../protocol';

/** What judges a host: one word for each way in which it may be wrong. */
export const ORACLES = ['alive', 'in-time', 'count', 'conforms', 'leak', 'released'] as const;
export type Oracle = (typeof ORACLES)[number];

/** One thing that a host did wrong in a case. */
export interface Violation {
  readonly oracle: Oracle;
  /** What differs, without the numbers of this run: with the oracle it names the group of a finding. */
  readonly differs: string;
  readonly message: string;
  readonly expected: string;
  readonly received: string;
}

export const groupOf = ({ oracle, differs }: Pick<Violation, 'oracle' | 'differs'>): string =>
  `${oracle}: ${differs}`;

export function violation(
  oracle: Oracle,
  differs: string,
  expected: string | number | bigint,
  received: string | number | bigint,
): Violation {
  const [wanted, got] = [String(expected), String(received)];
  return {
    oracle,
    differs,
    expected: wanted,
    received: got,
    message: `${differs}: expected ${wanted}, received ${got}`,
  };
}

/** An answer that does not decode. */
export function malformedAnswer(error: ProtocolErrorDetails): Violation {
  return violation('conforms', `malformed answer, ${error.path}`, error.expected, error.actual);
}
