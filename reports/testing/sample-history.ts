import { LEVELS, OUTCOMES, type Report, type Result } from '../results/model';
import type { Part } from '../results/merge-part';
import { EXCHANGE, reportOf, resultOf } from './sample-report';

const DAY = 86_400_000;
const FIRST = Date.parse('2026-08-01T08:00:00Z');

/** A run of one day. */
export function runOf(day: number, results: Result[], change: Partial<Report['target']> = {}): Part {
  const report = reportOf(results);
  const startedAt = new Date(FIRST + day * DAY).toISOString();
  return {
    where: `reports/${day}.json`,
    report: { ...report, run: { ...report.run, startedAt }, target: { ...report.target, ...change } },
  };
}

/** Runs day by day of as many requirements: one breaks half way, one comes and goes, the rest has every outcome in turn. */
export function manyRuns(runs: number, requirements: number, address = '127.0.0.1:1688'): Part[] {
  return Array.from({ length: runs }, (_, day) => {
    const results = Array.from({ length: requirements }, (_unused, index) => {
      const id = `S${index % 8}-${String(index).padStart(2, '0')}`;
      const outcome =
        index === 0
          ? day * 2 < runs
            ? 'passed'
            : 'failed'
          : index === 1
            ? day % 3 === 0
              ? 'failed'
              : 'passed'
            : index % 7 === 2
              ? OUTCOMES[index % OUTCOMES.length]!
              : 'passed';
      return resultOf(id, {
        outcome,
        level: LEVELS[index % LEVELS.length]!,
        title: `requirement number ${index}, told in as many words as one of the catalogue`,
        ...(outcome === 'passed' ? {} : { message: `expected count ${index}, received 1` }),
        ...(outcome === 'failed' ? { evidence: EXCHANGE } : {}),
      });
    });
    return runOf(day, results, { address });
  });
}
