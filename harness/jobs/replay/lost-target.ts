import { isUnreachable } from '../../client';
import type { ReplayRow } from './replay-row';

/** So many requests in a row without an answer, and the rest is not tried: each may have cost the time to live. */
const MAX_FAILURES = 3;

/** How a replay ended before its time because of the target. */
export interface TargetLoss {
  readonly ended: 'target-unreachable' | 'target-died';
  readonly message: string;
}

/**
 * Whether the target is lost: it cannot be connected to, it has never answered where the recorded host did, or no longer does.
 */
export class TargetWatch {
  #hasAnswered = false;
  #wasAnswered = false;
  /** Requests in a row that the recorded host answered and the target did not. */
  #silent = 0;

  take({ recorded, answered, failure }: ReplayRow): TargetLoss | null {
    this.#hasAnswered ||= answered !== null;
    this.#wasAnswered ||= recorded.answer !== null;
    this.#silent = answered === null && recorded.answer !== null ? this.#silent + 1 : 0;
    if (failure === null) return null;
    const { message } = failure;
    if (!this.#hasAnswered) {
      if (!this.#wasAnswered && !isUnreachable(failure)) return null;
      return { ended: 'target-unreachable', message };
    }
    if (!isUnreachable(failure) && this.#silent < MAX_FAILURES) return null;
    return { ended: 'target-died', message };
  }
}
