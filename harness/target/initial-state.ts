import type { KmsRequestInput } from '../../protocol';
import type { ConnectionObserver } from '../client';
import { Random } from '../support/random';
import { emptyTarget } from './reset-check';
import type { Target } from '.';

/** What a target has counted when a job begins. */
export interface InitialState {
  /** It has counted nothing. */
  readonly isFresh: boolean;
  /** Why a reset did not make it so; null where none was tried, or it did. */
  readonly problem: string | null;
}

/** A target that is asked as it stands. */
export const AS_FOUND: InitialState = { isFresh: false, problem: null };

/** A target as jobs take it. */
export interface PreparedTarget {
  readonly target: Target;
  /** What is known of its count; without it an embedded target is fresh, and any other as it was found. */
  readonly initialState?: InitialState;
  /** Hears every connection, such as the writer of `--pcap`. */
  readonly observer?: ConnectionObserver | undefined;
}

/** What is known of the count of a target before a job. */
export const initialStateOf = ({ target, initialState }: PreparedTarget): InitialState =>
  initialState ?? { isFresh: target.embedded, problem: null };

/**
 * Resets a target that has a history, where that can be done.
 * @param example of what is going to be asked; null where nothing would be counted
 * @throws ControlFailure
 */
export async function establishInitialState(
  target: Target,
  example: KmsRequestInput | null,
  seed: number,
): Promise<InitialState> {
  const { embedded, controls } = target;
  if (embedded) return { isFresh: true, problem: null };
  if (controls.reset === undefined) return AS_FOUND;
  if (example === null) {
    await controls.reset();
    return { isFresh: true, problem: null };
  }
  const problem = await emptyTarget(target, example, new Random(seed));
  return { isFresh: problem === null, problem };
}
