import type { Result } from './result';

/** How steady a requirement was over the runs of a host. */
export interface Course {
  /** Runs that came to a verdict on it. */
  readonly checked: number;
  /** Those of them in which it did not hold, expected by a baseline or not. */
  readonly failed: number;
  /** How often a verdict was another than the one before it. */
  readonly changes: number;
  /** Runs in which it failed in some attempts and held in others. */
  readonly flakyRuns: number;
  /** The first of the runs since which it has not held; undefined where the last verdict is that it holds, or there is none. */
  readonly failingSince: number | undefined;
  /** The last run in which it held; undefined where it never did. */
  readonly lastHeld: number | undefined;
}

/** Whether the host did what is required; undefined where it was not checked. What a baseline expects does not change what it did. */
export function held({ outcome }: Pick<Result, 'outcome'>): boolean | undefined {
  if (outcome === 'passed' || outcome === 'unexpected-pass') return true;
  return outcome === 'failed' || outcome === 'expected-failure' ? false : undefined;
}

/** The course of one requirement. @param results one for each run, oldest first; undefined where a run did not have it */
export function courseOf(results: readonly (Result | undefined)[]): Course {
  const course = { checked: 0, failed: 0, changes: 0, flakyRuns: 0 };
  let before: boolean | undefined;
  let failingSince: number | undefined;
  let lastHeld: number | undefined;
  for (const [run, result] of results.entries()) {
    if (result?.flaky === true) course.flakyRuns += 1;
    const verdict = result && held(result);
    if (verdict === undefined) continue;
    course.checked += 1;
    if (before !== undefined && before !== verdict) course.changes += 1;
    if (verdict) [lastHeld, failingSince] = [run, undefined];
    else {
      course.failed += 1;
      failingSince ??= run;
    }
    before = verdict;
  }
  return { ...course, failingSince, lastHeld };
}

/** True where it broke and came back, or the other way round, or came to both within one run: such a failure may be chance. */
export const isUnsteady = ({ changes, flakyRuns }: Course): boolean => changes > 1 || flakyRuns > 0;
