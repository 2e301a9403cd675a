import type { FuzzCase } from '../../../cases/case';
import { isSingleCall } from '../../../cases/conduct/run-case';
import { joined } from '../../../cases/joined';

/** Cases that may have shown something, by their indices. */
export interface Suspects {
  /** Each by itself; those to be asked first at the beginning. */
  readonly indices: readonly number[];
  /** What connections carried on which it was met, in their order. */
  readonly chains: readonly (readonly number[])[];
  /** How long they waited at most for what did not come, in ms. */
  readonly gaveUpMs: number;
}

/** Cases that show something together, by their indices in their order. */
export interface Culprit {
  readonly indices: readonly number[];
  /** Over one connection, as one case: see `joined`. */
  readonly isJoined: boolean;
}

/** What may be guilty, in the order in which it is to be tried: one of the suspects, what one of their connections carried, all that ran lately. */
export function* culpritsAmong({ indices, chains }: Suspects, recent: readonly number[]): Generator<Culprit> {
  for (const index of indices) yield { indices: [index], isJoined: false };
  for (const chain of chains) if (chain.length > 1) yield { indices: chain, isJoined: true };
  const last = indices[0]!;
  yield { indices: [...recent.filter((index) => index !== last), last], isJoined: false };
}

/** The cases as they are run for it; none where they cannot be, as one of them is no single call any more. */
export function formOf({ isJoined }: Culprit, cases: readonly FuzzCase[]): readonly FuzzCase[] {
  if (!isJoined) return cases;
  return cases.every(isSingleCall) ? [joined(cases)] : [];
}
