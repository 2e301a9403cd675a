import type { KmsRequestInput } from '../../protocol';
import { Random } from '../random';
import { emptyTarget } from '../reset-check';
import type { Target } from '../target';
import type { Settings } from './options';

/** What a target has counted when a run begins. */
export interface Beginning {
  /** It has counted nothing. */
  readonly isFresh: boolean;
  /** Why a reset did not make it so; null where none was tried, or it did. */
  readonly problem: string | null;
}

/** A target that is asked as it stands. */
export const UNTOUCHED: Beginning = { isFresh: false, problem: null };

/**
 * Resets a target that has a history, where that can be done.
 * @param example of what is going to be asked; null where nothing would be counted
 * @throws ControlFailure
 */
export async function begin(
  target: Target,
  example: KmsRequestInput | null,
  { seed }: Pick<Settings, 'seed'>,
): Promise<Beginning> {
  const { embedded, controls } = target;
  if (embedded) return { isFresh: true, problem: null };
  if (controls.reset === undefined) return UNTOUCHED;
  if (example === null) {
    await controls.reset();
    return { isFresh: true, problem: null };
  }
  const problem = await emptyTarget(target, example, new Random(seed));
  return { isFresh: problem === null, problem };
}
