import type { Verdict } from '../../../reports/results/job-outcome';
import type { HostFailure } from '../../client';
import type { Profile } from '../../model/profile';
import type { TrajectoryCollector } from './trajectory';

/** How the sending of a stream went, apart from its counts. */
export interface StreamCourse {
  /** The host is known to have held nothing at the start. */
  fresh: boolean;
  /** Why a reset did not make it so. */
  unreset: string | null;
  /** Why the rest was not sent. */
  stopped: string | null;
  failure: HostFailure | null;
}

/** Each count must be the model's; where the host was not fresh, or time ran too close, a difference proves nothing. */
export function judgeStream(
  collector: TrajectoryCollector,
  { fresh, unreset, stopped, failure }: StreamCourse,
  profile: Profile,
): Verdict {
  const verdict = {
    id: 'STREAM',
    level: 'MUST' as const,
    title: `answers every request of a stream with the count of the model, profile ${profile.name}`,
    source: 'host model; understanding-kms 2.2, 2.3',
  };
  const { firstDifference, differences, requests } = collector;
  if (firstDifference !== undefined) {
    const message = `request ${firstDifference.index + 1}: ${firstDifference.message} (${differences} of ${requests} answers differ)`;
    if (fresh && collector.conclusive) return { ...verdict, outcome: 'failed', message };
    const reason = fresh
      ? 'every difference is within seconds of a record that leaves'
      : (unreset ?? 'the host had counted machines before, and there is no control to reset it');
    return { ...verdict, outcome: 'inconclusive', reason, message };
  }
  if (failure !== null) return { ...verdict, outcome: 'not-run', reason: failure.message };
  if (stopped !== null) return { ...verdict, outcome: 'inconclusive', reason: stopped };
  return { ...verdict, outcome: 'passed' };
}
