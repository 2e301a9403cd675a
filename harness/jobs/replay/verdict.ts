import type { Verdict } from '../../../reports/results/job-outcome';
import type { ReplayOutcome } from './replay-exchanges';
import { rowEvidence } from './replay-report';

/**
 * Whether a target answered recorded requests as the recorded host did: no field differs that must not. What could not be compared, or
 * whose count nobody can judge, is no pass.
 * @param asked requests that were to be sent
 */
export function judgeReplay({ rows, ended, message }: ReplayOutcome, asked: number): Verdict {
  const verdict = {
    id: 'REPLAY',
    level: 'MUST' as const,
    title: 'answers recorded requests as the recorded host did',
    source: 'recorded exchanges; host model',
  };
  const differing = rows.filter(({ comparison }) => comparison.verdict === 'differs');
  const [first] = differing;
  if (first !== undefined) {
    const { path, recorded, answered, reason } = first.comparison.mustNotDiffer[0]!;
    return {
      ...verdict,
      outcome: 'failed',
      message: `exchange ${first.recorded.index}: ${path}: recorded ${recorded}, answered ${answered} (${reason}); ${differing.length} of ${rows.length} differ`,
      field: { path: `kms.response.${path}` },
      evidence: rowEvidence(first),
    };
  }
  if (ended !== 'complete') return { ...verdict, outcome: 'not-run', reason: message ?? ended };
  const compared = rows.filter(({ comparison }) => comparison.verdict !== 'not-comparable').length;
  if (compared === 0) {
    const reason = rows[0]?.comparison.note ?? 'nothing could be compared';
    return { ...verdict, outcome: 'inconclusive', reason };
  }
  const unjudged = rows.find(
    ({ comparison, bounds }) => bounds !== null && comparison.verdict === 'not-comparable',
  );
  if (unjudged !== undefined) {
    const { recorded, comparison } = unjudged;
    return {
      ...verdict,
      outcome: 'inconclusive',
      reason: `exchange ${recorded.index}: ${comparison.note ?? ''}`,
    };
  }
  const left = asked - compared;
  const notes = left === 0 ? {} : { notes: [`${left} of ${asked} exchanges could not be compared`] };
  return { ...verdict, outcome: 'passed', ...notes };
}
