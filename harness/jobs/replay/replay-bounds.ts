import type { Exchange, KmsRequest } from '../../../protocol';
import { CountBounds } from '../../model/count-bounds';
import { countedRequest } from '../../model/counting-model';
import type { Profile } from '../../model/profile';
import { MAX_N_POLICY } from '../../model/decide-grant';

/** What a conforming host may count after a request of this replay. */
export interface ReplayBounds {
  /** No history makes it fewer: see `CountBounds`. */
  readonly least: number;
  /** Of a host that began with nothing counted; null where nobody knows, or where not all that was sent is known to count. */
  readonly most: number | null;
  /** How it is known that the target began with nothing counted; null where it is not. */
  readonly fresh: 'told' | 'by its first count' | null;
}

/**
 * Follows what the target has granted in this replay, application by application, as understanding-kms 2.2 and 2.3 count.
 * A target whose first count is that of a fresh host had no records; its capacity it may have from before, for capacity never shrinks.
 */
export class BoundsKeeper {
  readonly #bounds: CountBounds;
  readonly #fresh = new Map<string, ReplayBounds['fresh']>();
  #allKnown = true;

  /**
   * @param targetIsFresh the target was reset, or is an embedded host
   * @param clockFollows the target's clock goes as the recording's
   */
  constructor(
    profile: Profile,
    private readonly targetIsFresh: boolean,
    private readonly clockFollows: boolean,
  ) {
    this.#bounds = new CountBounds(profile);
  }

  /** Takes one exchange of this replay; null where no count of a clear request came. */
  take(sent: KmsRequest | null, answered: Exchange | null, recordedAtNs: bigint): ReplayBounds | null {
    const answer = answered?.answer ?? null;
    if (answer?.kind === 'refusal' || answer?.kind === 'fault') return null;
    if (sent === null || answer?.kind !== 'response' || sent.requiredClientCount > MAX_N_POLICY) {
      this.#allKnown = false;
      return null;
    }
    const counted = countedRequest(sent);
    const recordedAtMs = Number(recordedAtNs / 1_000_000n);
    const least = this.#bounds.least(counted, recordedAtMs);
    this.#bounds.answered(counted, recordedAtMs);
    // Without expiry unless the clock follows: the target's need not have gone as far as the recording's.
    const most = this.#bounds.sent(counted, this.clockFollows ? recordedAtMs : 0);
    const fresh = this.#freshness(sent.applicationId, answer.value.currentClientCount === least);
    return { least, most: fresh !== null && this.#allKnown ? most : null, fresh };
  }

  #freshness(applicationId: string, firstIsFresh: boolean): ReplayBounds['fresh'] {
    if (this.targetIsFresh) return 'told';
    let fresh = this.#fresh.get(applicationId);
    if (fresh === undefined) {
      fresh = firstIsFresh && this.#allKnown ? 'by its first count' : null;
      this.#fresh.set(applicationId, fresh);
    }
    return fresh;
  }
}

/** Why no conforming host can have answered this count, or null where one can. */
export function impossibleCount(count: number, { least, most, fresh }: ReplayBounds): string | null {
  if (count < least) {
    return `fewer than the ${least} that a host counts after these requests, whatever it had counted before`;
  }
  if (fresh === 'told' && most !== null && count > most) {
    return `more than the ${most} that a host counts which began with nothing counted`;
  }
  return null;
}

/** Why this count cannot be judged though the target began with nothing counted, or null where that is not so. */
export function unjudgedCount(count: number, { most, fresh }: ReplayBounds): string | null {
  if (fresh !== 'by its first count' || most === null || count <= most) return null;
  return `the target began with nothing counted, yet answers ${count} instead of ${most}: other machines have asked meanwhile, its capacity is from before, or it counts wrong; a reset control (docs/configuration.md) tells`;
}
