import type { Stretch } from './names';

/** Runs that one page shows side by side: a hundred of 130 requirements would be 33,000 nodes, which take seconds to lay out. */
export const RUNS_ON_A_PAGE = 50;

/** The newest runs, which stand on the first page of a host. */
export const newestStretch = (runs: number): Stretch => ({
  first: Math.max(1, runs - RUNS_ON_A_PAGE + 1),
  last: runs,
});

/**
 * The runs that stand on further pages, newest page first. Each is full and counted from the first run, so that a page stays as it is while runs
 * are added; the newest of them may stand on the first page too.
 */
export function olderStretches(runs: number): Stretch[] {
  const full = Math.ceil(Math.max(0, runs - RUNS_ON_A_PAGE) / RUNS_ON_A_PAGE);
  return Array.from({ length: full }, (_, index) => ({
    first: index * RUNS_ON_A_PAGE + 1,
    last: (index + 1) * RUNS_ON_A_PAGE,
  })).reverse();
}
