import type { Verdict } from '../../../reports/results/job-outcome';
import type { FleetResult } from './result';
import { activations } from './summary';

/** What bears on the verdict beside the counts. */
export interface FleetCircumstances {
  /** The host was known to hold nothing at the start. */
  readonly isFresh: boolean;
  /** Why a reset did not make it so. */
  readonly problem: string | null;
  readonly interrupted: boolean;
}

/** Whether the hosts counted a fleet as the model does and refused nothing that is to be granted; what could not be shown or known is no pass. @param twin the same fleet at hosts that count as the model does */
export function judgeFleet(
  result: FleetResult,
  twin: FleetResult,
  { isFresh, problem, interrupted }: FleetCircumstances,
): Verdict {
  const verdict = {
    id: 'FLEET',
    level: 'MUST' as const,
    title: `counts a fleet of ${result.clients} machines over ${result.days} virtual days as the model does`,
    source: 'host model; understanding-kms 2.2, 2.3, 2.4; volume-activation-article',
    expected: activations(twin),
    received: activations(result),
    ...(result.evidence.length === 0 ? {} : { evidence: [...result.evidence] }),
  };
  const { firstDifference, conclusiveDifferences, hosts, notShown } = result;
  const failures = hosts.reduce((sum, host) => sum + host.failures, 0);
  const firstFailure = hosts.find((host) => host.firstFailure !== null)?.firstFailure;
  const unanswered = `${failures} of ${result.requests} requests got no answer: ${firstFailure}`;
  const notes = failures === 0 ? {} : { notes: [unanswered] };
  if (hosts.every(({ requests, failures: lost }) => requests === lost)) {
    return { ...verdict, ...notes, outcome: 'not-run', reason: hosts[0]?.firstFailure ?? 'nobody asked' };
  }
  if (firstDifference !== null && conclusiveDifferences > 0) {
    const message = `virtual hour ${firstDifference.hour.toFixed(2)}, ${firstDifference.host}: ${firstDifference.message} (${result.differences} of ${result.requests} answers differ)`;
    if (isFresh) return { ...verdict, ...notes, outcome: 'failed', message };
    const reason = problem ?? 'the host was not known to be fresh';
    return { ...verdict, ...notes, outcome: 'inconclusive', message, reason };
  }
  const unjudged = hosts.reduce((sum, host) => sum + host.unjudgedRefusals, 0);
  if (unjudged > 0) {
    const reason = `${unjudged} of ${result.requests} requests were refused with 0xC004F042: whether rightly depends on the host's key group, which is not known (--key-group, or keyGroup in the configuration)`;
    return { ...verdict, ...notes, outcome: 'inconclusive', reason };
  }
  if (failures > 0) return { ...verdict, outcome: 'failed', message: unanswered };
  if (notShown.length > 0)
    return { ...verdict, ...notes, outcome: 'inconclusive', reason: notShown.join('; ') };
  if (interrupted) return { ...verdict, ...notes, outcome: 'inconclusive', reason: 'interrupted' };
  return { ...verdict, ...notes, outcome: 'passed' };
}
