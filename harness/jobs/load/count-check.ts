import { CLIENT_THRESHOLD, type KmsRequestInput } from '../../../protocol';
import { placesFor } from '../../model/client-cache';
import { CountBounds } from '../../model/count-bounds';
import { type CountedRequest, countedRequest } from '../../model/counting-model';
import { DEFAULT_PROFILE } from '../../model/profile';
import type { SharedMachines } from './shared-machines';

/** A load is over long before a record expires. */
const NOW_MS = 0;

/**
 * Holds each count of a thread against what the counting model leaves open where many ask at once. Its machines are physical ones of one
 * product, so that profiles make no difference.
 */
export class CountCheck {
  readonly #requests: readonly CountedRequest[];
  readonly #places: number;
  readonly #bounds = new CountBounds(DEFAULT_PROFILE);
  readonly #sent: Uint8Array;

  /**
   * @param requests what the machines of this thread send, each with a CMID of its own
   * @param fresh whether the host held nothing at the start
   */
  constructor(
    requests: readonly KmsRequestInput[],
    private readonly fresh: boolean,
    private readonly shared: SharedMachines,
  ) {
    this.#requests = requests.map(countedRequest);
    this.#places = placesFor(this.#requests[0]?.requiredClientCount ?? 0);
    this.#sent = new Uint8Array(requests.length);
  }

  /** A request of `machine` is sent. @returns the least count that its answer may have */
  send(machine: number): number {
    if (this.#sent[machine] === 0) {
      this.#sent[machine] = 1;
      this.shared.add();
    }
    return this.#bounds.least(this.#requests[machine]!, NOW_MS);
  }

  /** The answer has come. @returns what is wrong with its count, or null */
  answer(machine: number, count: number, least: number): string | null {
    this.#bounds.answered(this.#requests[machine]!, NOW_MS);
    const most = this.#most();
    if (count >= least && count <= most) return null;
    return `a count of ${count} where the model allows ${least} to ${most}`;
  }

  /** Other threads have sent too; others may have asked a host before that was not fresh, up to the places that clients make. */
  #most(): number {
    return this.fresh
      ? Math.min(this.#places, this.shared.count)
      : Math.max(this.#places, placesFor(CLIENT_THRESHOLD));
  }
}
