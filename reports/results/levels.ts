/** Requirement levels, in the order in which reports show them. */
export const LEVELS = ['MUST', 'DESIGN', 'SHOULD', 'OBSERVED'] as const;
/** How binding a requirement is; see {@link LEVELS}. */
export type Level = (typeof LEVELS)[number];

/** Outcomes, worst first: the order in which reports show them. */
export const OUTCOMES = [
  'failed',
  'unexpected-pass',
  'not-run',
  'inconclusive',
  'untestable',
  'expected-failure',
  'excluded',
  'passed',
] as const;
/** What became of a requirement; see {@link OUTCOMES}. */
export type Outcome = (typeof OUTCOMES)[number];

/** The levels that decide the exit code unless `--fail-on` says otherwise. */
export const DEFAULT_FAIL_ON: readonly Level[] = ['MUST', 'DESIGN'];
