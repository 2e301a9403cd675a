import type { Verdict } from '../../../reports/results/job-outcome';
import { rowEvidence } from './listed-exchanges';
import type { ReplayOutcome } from './replay-exchanges';

/**
 * Whether a target answered recorded requests as the recorded host did: no field differs that must not. What could not be compared, or
 * whose count nobody can judge, is no pass.
 */
export function judgeReplay({ tally, ended, message }: ReplayOutcome): Verdict {
  const verdict = {
    id: 'REPLAY',
    level: 'MUST' as const,
    title: 'answers recorded requests as the recorded host did',
    source: 'recorded exchanges; host model',
  };
  const { asked, sent, verdicts, first, firstDiffering, firstUnjudged } = tally;
  if (firstDiffering !== null) {
    const { path, recorded, answered, reason } = firstDiffering.comparison.mustNotDiffer[0]!;
    return {
      ...verdict,
      outcome: 'failed',
      message: `exchange ${firstDiffering.recorded.index}: ${path}: recorded ${recorded}, answered ${answered} (${reason}); ${verdicts.differs} of ${sent} differ`,
      field: { path: `kms.response.${path}` },
      evidence: rowEvidence(firstDiffering),
    };
  }
  if (ended !== 'complete') return { ...verdict, outcome: 'not-run', reason: message ?? ended };
  const compared = sent - verdicts['not-comparable'];
  if (compared === 0) {
    const reason = first?.comparison.note ?? 'nothing could be compared';
    return { ...verdict, outcome: 'inconclusive', reason };
  }
  if (firstUnjudged !== null) {
    const { recorded, comparison } = firstUnjudged;
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
