import type { Outcome, Result } from './result';

/** How many results had each outcome. */
export interface Summary {
  passed: number;
  failed: number;
  inconclusive: number;
  untestable: number;
  expectedFailure: number;
  unexpectedPass: number;
  excluded: number;
  notRun: number;
}

/** The summary's key for each outcome. */
export const SUMMARY_KEY: Readonly<Record<Outcome, keyof Summary>> = {
  passed: 'passed',
  failed: 'failed',
  inconclusive: 'inconclusive',
  untestable: 'untestable',
  'expected-failure': 'expectedFailure',
  'unexpected-pass': 'unexpectedPass',
  excluded: 'excluded',
  'not-run': 'notRun',
};

/** Counts results by outcome. */
export function summarise(results: readonly Pick<Result, 'outcome'>[]): Summary {
  const summary: Summary = {
    passed: 0,
    failed: 0,
    inconclusive: 0,
    untestable: 0,
    expectedFailure: 0,
    unexpectedPass: 0,
    excluded: 0,
    notRun: 0,
  };
  for (const { outcome } of results) summary[SUMMARY_KEY[outcome]] += 1;
  return summary;
}
