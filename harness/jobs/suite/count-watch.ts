import type { Evidence } from '../../../reports/results/result';
import { placesFor } from '../../model/client-cache';
import { MAX_N_POLICY } from '../../model/decide-grant';

/** Twice the largest N_Policy that hosts take: who asked a host before the run did is not known. */
const MOST_PLACES = 2000;

/** An answer that counts more machines than the requests before it make room for. */
export interface BeyondCapacity {
  readonly count: number;
  /** The most machines for which there was room. */
  readonly places: number;
  /** What it was the answer to, in words. */
  readonly sent: string;
  readonly evidence: readonly Evidence[];
}

/** Holds every count of a run against the capacity that the requests before it allow. */
export class CountWatch {
  #places = MOST_PLACES;
  #leastPlaces = 0;
  #beyond: BeyondCapacity | null = null;

  /** The most machines that a conforming host may count now, as far as is known. */
  get mostPlaces(): number {
    return Math.max(this.#places, this.#leastPlaces);
  }

  /** Whether it is known what was asked of the host before: else nothing but a count that no host has can be told. */
  get knowsAll(): boolean {
    return this.#places < MOST_PLACES;
  }

  /** The first answer that counts too many; null where there was none. */
  get beyond(): BeyondCapacity | null {
    return this.#beyond;
  }

  /**
   * The host has no places but for what is asked from now on.
   * @param leastPlaces places that others who ask it meanwhile may make
   */
  emptied(leastPlaces = 0): void {
    this.#places = 0;
    this.#leastPlaces = leastPlaces;
  }

  /** A request is going to be sent: it makes room, whenever the host comes to it. How much for an N_Policy of 0, or beyond the largest, no guide says. */
  asking(requiredClientCount: number): void {
    const isUsual = requiredClientCount > 0 && requiredClientCount <= MAX_N_POLICY;
    this.#places = Math.max(this.#places, isUsual ? placesFor(requiredClientCount) : Infinity);
  }

  answered(count: number, sent: string, evidence: () => readonly Evidence[]): void {
    const places = this.mostPlaces;
    if (count > places) this.#beyond ??= { count, places, sent, evidence: evidence() };
  }
}
