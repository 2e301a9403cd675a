import type { KmsRequestInput, ProductKey } from '../../../protocol';
import type { JobEnd, JobOutcome, Verdict } from '../../../reports/results/job-outcome';
import type { Latency } from '../../../reports/results/model';
import { HostFailure, KmsClient } from '../../client';
import { machineRequest } from '../../model/machine-request';
import { Random } from '../../support/random';
import type { Target } from '../../target';
import { initialStateOf, type PreparedTarget } from '../../target/initial-state';
import { historyVerdict } from './history-verdict';
import { type LoadBudgets, type LoadResult, measureLoad } from './measure-load';
import type { LoadPlan } from './plan';

/** A load, without the host that it goes to; what is left out is as `USUAL_LOAD` has it. */
export interface LoadJobPlan extends Partial<Omit<LoadPlan, 'endpoint' | 'fresh'>> {
  /** Threads that generate; 0 for this one, where the load is small. As many as it takes unless told; with an observer always 0. */
  readonly threads?: number;
  readonly budgets?: LoadBudgets;
}

/** What ends a load before its time. */
export interface LoadJobOptions {
  readonly signal?: AbortSignal | undefined;
}

/** What a load came to, and whether it kept its budgets. */
export interface LoadJobOutcome extends JobOutcome {
  readonly sections: { readonly latency: Latency };
  readonly result: LoadResult;
}

const ORDER_TITLE = 'answers the overlapping requests of a load as some order of them would be answered';
/** How long a host that refused connections is waited for once the load is over. */
const LAST_WORD_MS = 2_000;

/**
 * Puts a load on a target, measures it (section `latency`) and judges the answers (result LOAD): each must be a count, and one that some
 * order of the requests explains. The first exchanges of each kind of failure are its evidence. Budgets are judged in the section.
 * @throws UsageError for a load that cannot be
 */
export async function runLoad(
  { threads, ...plan }: LoadJobPlan,
  host: PreparedTarget,
  { signal }: LoadJobOptions = {},
): Promise<LoadJobOutcome> {
  const { target, observer } = host;
  const { isFresh, problem } = initialStateOf(host);
  const result = await measureLoad({
    ...plan,
    endpoint: target.endpoint,
    fresh: isFresh,
    observer,
    ...(observer !== undefined ? { threads: 0 } : threads === undefined ? {} : { threads }),
    ...(signal === undefined ? {} : { signal }),
  });
  return {
    results: [
      judgeLoad(result, target.profile.name),
      ...(result.history === null || result.answered === 0
        ? []
        : [historyVerdict(result.history, ORDER_TITLE)]),
    ],
    sections: { latency: result.latency },
    ended: await endOf(result, target, signal),
    ...(problem === null ? {} : { warnings: [problem] }),
    result,
  };
}

/** A request such as the machines of a load send. */
export const exampleOfLoad = (product: ProductKey, seed: number, { clock }: Target): KmsRequestInput =>
  machineRequest({ product, random: new Random(seed), clock });

/** Answers must be counts, and counts what some order of the requests explains; budgets are judged beside this. */
function judgeLoad(
  { latency, answered, failed, wrongCounts, firstWrongCount, evidence }: LoadResult,
  profile: string,
): Verdict {
  const verdict = {
    id: 'LOAD',
    level: 'MUST' as const,
    title: `answers ${latency.requests} requests under load, each with a count that the model of profile ${profile} allows`,
    source: 'understanding-kms 2.2; volume-activation-article (as CNT-12 and CNT-16)',
    ...(evidence.length === 0 ? {} : { evidence: [...evidence] }),
  };
  const classes = latency.failures.map(({ class: name, count }) => `${count} ${name}`).join(', ');
  if (answered === 0) {
    const reason = classes === '' ? 'nothing was sent' : `no request was answered: ${classes}`;
    return { ...verdict, outcome: 'not-run', reason };
  }
  if (wrongCounts > 0) {
    const message = `${wrongCounts} counts are wrong; the first: ${firstWrongCount}`;
    return { ...verdict, outcome: 'failed', message };
  }
  if (failed > 0) {
    const message = `${failed} of ${latency.requests} requests failed: ${classes}`;
    return { ...verdict, outcome: 'failed', message };
  }
  return { ...verdict, outcome: 'passed' };
}

async function endOf(
  { answered, latency }: LoadResult,
  target: Target,
  signal: AbortSignal | undefined,
): Promise<JobEnd | undefined> {
  if (signal?.aborted === true) return { how: 'interrupted', message: `after ${latency.requests} requests` };
  const [failure] = latency.failures;
  if (failure === undefined) return undefined;
  if (answered === 0)
    return {
      how: 'target-unreachable',
      message: failure.class,
      failure: (await notListening(target)) ?? undefined,
    };
  const gone = latency.failures.some(({ class: name }) => name.includes('(connect)'))
    ? await notListening(target)
    : null;
  return gone === null ? undefined : { how: 'target-died', message: gone.message, failure: gone };
}

/** Why no connection can be had behind the load, or null where one can: a host that was too slow for some is none that died. */
async function notListening({ endpoint }: Target): Promise<HostFailure | null> {
  const client = new KmsClient({ endpoint, timeoutMs: LAST_WORD_MS });
  try {
    await client.session();
    return null;
  } catch (error) {
    if (!(error instanceof HostFailure)) throw error;
    return error.stage === 'connect' ? error : null;
  } finally {
    await client.close();
  }
}
