import { median } from '../support/median';

/** How much a measured series may grow and still count as flat: the larger of the two. */
export interface Allowance {
  /** In the unit of the series. */
  readonly absolute: number;
  /** Of what it was, 0.1 for a tenth. */
  readonly share: number;
  /**
   * What of each part is compared: its median, or its lowest where the values swing with the work at hand. What leaks stays, and lifts the
   * lowest too.
   */
  readonly by: 'median' | 'lowest';
}

export interface Growth {
  /** The early and the late part. */
  readonly early: number;
  readonly late: number;
  readonly allowed: number;
  readonly isFlat: boolean;
}

/** What goes by before anything is compared: caches fill, code is compiled, pools reach their size. */
const WARM_UP = 0.25;
/** Of what is left, the first and the last part of this size are compared. */
const PART = 1 / 3;
/** Fewer are no series: a median of one or two values is whatever they happen to be. */
const FEWEST = 12;

/**
 * Whether a series that was sampled in even steps of time is flat. An early and a late part are compared, not two samples: one in the middle
 * of some work does not matter, and a step that comes late in the series does.
 * @throws RangeError where there are too few samples to say
 */
export function growthOf(series: readonly number[], { absolute, share, by }: Allowance): Growth {
  if (series.length < FEWEST)
    throw new RangeError(`${series.length} samples are too few to tell growth: at least ${FEWEST}`);
  const settled = series.slice(Math.ceil(series.length * WARM_UP));
  const size = Math.floor(settled.length * PART);
  const measure = by === 'median' ? median : lowest;
  const early = measure(settled.slice(0, size));
  const late = measure(settled.slice(-size));
  const allowed = Math.max(absolute, early * share);
  return { early, late, allowed, isFlat: late - early <= allowed };
}

const lowest = (values: readonly number[]): number => Math.min(...values);
