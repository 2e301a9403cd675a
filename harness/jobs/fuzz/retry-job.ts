import type { JobOutcome } from '../../../reports/results/job-outcome';
import type { Finding as ReportedFinding } from '../../../reports/results/model';
import { Random } from '../../support/random';
import type { TargetDescription } from '../../target';
import { describeFinding } from './describe-finding';
import type { FuzzJobOptions, FuzzPlan } from './fuzz-job';
import { loadFinding, type SavedFinding, saveFinding } from './findings/findings-folder';
import { USUAL_REVIVAL } from '../../cases/conduct/revive';
import { type Replayed, replayFinding } from './findings/replay-finding';
import { targetOf } from './target-of';

/** What a saved finding comes to at a host now. */
export interface RetryOutcome extends JobOutcome {
  readonly sections: { readonly findings: ReportedFinding[] };
  readonly saved: SavedFinding;
  readonly replayed: Replayed;
  readonly target: TargetDescription;
}

/**
 * Runs a saved finding again: fixed, still failing, or flaky. Of a death that several cases may have caused, these are asked one by one, and
 * the one that the host dies of is saved as a finding of its own.
 * @throws UsageError where there is no such finding; HostFailure where the target cannot be opened, or does not come back
 */
export async function retryFinding(
  id: string,
  { settings, clauses = [], shownOut = settings.out }: Pick<FuzzPlan, 'settings' | 'shownOut' | 'clauses'>,
  attempts: number,
  { signal, observer, onNotice }: Pick<FuzzJobOptions, 'signal' | 'observer' | 'onNotice'> = {},
): Promise<RetryOutcome> {
  let saved = await loadFinding(settings.out, id);
  const { seed, timeoutMs, waitForHost } = settings;
  const target = await targetOf(settings.target, seed, timeoutMs, signal);
  let replayed: Replayed;
  try {
    const random = new Random(seed).fork('replay');
    const revival = { ...USUAL_REVIVAL, ...waitForHost, tell: onNotice };
    const isWaitedFor = waitForHost !== undefined;
    const options = { timeoutMs, random, attempts, observer, signal, revival, isWaitedFor };
    replayed = await replayFinding(saved.finding, target, options);
    const { narrowed, context } = replayed;
    if (narrowed !== null) {
      const targetArguments = settings.target.arguments;
      await saveFinding(settings.out, narrowed, { context, target, random, targetArguments });
      saved = await loadFinding(settings.out, narrowed.id);
    }
  } finally {
    await target.close();
  }
  const { finding, evidence, repeat } = saved;
  const { state, violation } = replayed;
  const { message, received } = { ...finding, ...violation };
  const told = { state, message, received, repeat: repeat[0] ?? '', evidence: [...evidence] };
  return {
    results: [],
    sections: { findings: [{ ...describeFinding(finding, shownOut, clauses), ...told }] },
    ...{ saved, replayed, target: target.description },
  };
}
