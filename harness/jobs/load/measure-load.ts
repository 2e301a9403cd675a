import { availableParallelism } from 'node:os';
import type { Latency } from '../../../reports/results/sections';
import type { Evidence } from '../../../reports/results/result';
import { latencySeries } from '../../../reports/results/latency';
import type { ConnectionObserver, Endpoint } from '../../client';
import { UsageError } from '../../support/usage-error';
import type { HistoryChecker } from '../../model/history/history-checker';
import { LoadHistory, sharedNowMs } from './load-history';
import { SharedMachines } from './shared-machines';
import { generateLoad } from './generator';
import { type LoadPlan, measuredFromMs, stretchesOf, USUAL_LOAD } from './plan';
import { Schedule } from './schedule';
import { encodeTally, type LoadTally, mergeTallies } from './tally';
import { loadInThreads } from './threads';
import { threadsFor } from './threads-for';
import { noteLocalLimit } from '../../support/local-limits';
import { warningsOf } from './warnings';

/** The load, the threads that make it, and its budgets (ms). */
export interface MeasureLoadOptions extends Partial<Omit<LoadPlan, 'endpoint'>> {
  readonly endpoint: Endpoint;
  /** Threads that generate; 0 for this one, where the load is small. As many as it takes and the machine has unless told. */
  readonly threads?: number;
  /** Hears of every connection; only where this thread generates. */
  readonly observer?: ConnectionObserver | undefined;
  readonly signal?: AbortSignal;
  readonly budgets?: LoadBudgets;
}

/** What the configuration allows at most and at least: they make a load a gate (TIME-04). */
export interface LoadBudgets {
  /** Of the latency from the intended start, or the actual one where nothing was intended. */
  readonly p99Ms?: number | undefined;
  /** Answers a second. */
  readonly rate?: number | undefined;
}

/** What a load measured, in ms. */
export interface LoadResult {
  readonly latency: Latency;
  /** 99 of 100 requests were answered within this, corrected for coordinated omission where there was a rate to hold. */
  readonly p99Ms: number;
  readonly answered: number;
  readonly failed: number;
  readonly wrongCounts: number;
  readonly firstWrongCount: string | null;
  /** The first failure of each kind, with a few exchanges around it. */
  readonly evidence: readonly Evidence[];
  /** Whether its answers have an order; null where the host was not empty at the start. */
  readonly history: HistoryChecker | null;
}

const MAX_RATE = 1_000_000;

/**
 * Puts a load on a host and measures it. It ends at its time whatever the host does: each request has a deadline, and what found no
 * connection by the end is counted as not sent.
 * @throws UsageError for a load that cannot be
 */
export async function measureLoad(options: MeasureLoadOptions): Promise<LoadResult> {
  const { threads: told, observer, signal = new AbortController().signal, budgets = {}, ...given } = options;
  const plan: LoadPlan = { ...USUAL_LOAD, ...given };
  const threads = told ?? threadsFor(plan, availableParallelism());
  check(plan, threads);
  const history = new LoadHistory(plan, threads);
  const parts =
    threads === 0
      ? [
          encodeTally(
            await generateLoad(plan, {
              share: { index: 0, of: 1 },
              startAtMs: sharedNowMs() + 5,
              shared: new SharedMachines(),
              signal,
              observer,
              onHistory: (chunk) => history.take(0, chunk),
            }),
          ),
        ]
      : await loadInThreads(plan, threads, signal, (thread, chunk) => history.take(thread, chunk));
  const result = judged(plan, threads, mergeTallies(parts), budgets);
  return { ...result, history: plan.fresh ? history.checker : null };
}

function check(plan: LoadPlan, threads: number): void {
  const { rate, connections, durationMs } = plan;
  const problem =
    durationMs <= 0
      ? 'the duration is longer than 0'
      : connections < 1
        ? 'at least one connection'
        : threads > connections
          ? `${threads} threads need as many connections, not ${connections}`
          : rate !== null && (rate.from < 0 || rate.to < 0 || rate.from + rate.to <= 0)
            ? 'a rate above 0'
            : rate !== null && Math.max(rate.from, rate.to) > MAX_RATE
              ? `a rate of at most ${MAX_RATE} a second`
              : null;
  if (problem !== null) throw new UsageError(`load: ${problem}`);
}

function judged(
  plan: LoadPlan,
  threads: number,
  tally: LoadTally,
  budgets: LoadBudgets,
): Omit<LoadResult, 'history'> {
  const { rate } = plan;
  const main = rate === null ? tally.fromActual : tally.fromIntended;
  const p99Ms = main.totalCount === 0 ? 0 : main.getValueAtPercentile(99) / 1000;
  // A load ends when its last answer has come: a host that needs longer than its time has not held the rate.
  const measuredMs = Math.max(plan.durationMs, tally.lastAnswerMs - measuredFromMs(plan));
  const achieved = (tally.answered / measuredMs) * 1000;
  const failures = [...tally.failures].map(([name, count]) => ({ class: name, count }));
  const measured = [
    ...(budgets.p99Ms === undefined
      ? []
      : [
          {
            name: 'p99Ms',
            limit: budgets.p99Ms,
            measured: p99Ms,
            held: tally.answered > 0 && p99Ms <= budgets.p99Ms,
          },
        ]),
    ...(budgets.rate === undefined
      ? []
      : [{ name: 'rate', limit: budgets.rate, measured: achieved, held: achieved >= 0.995 * budgets.rate }]),
  ];
  // Threads have met it, each for itself.
  if ([...tally.failures.keys()].some((name) => name.startsWith('local-limit')))
    noteLocalLimit('too few ephemeral ports or open files');
  const warnings = warningsOf(plan, threads, tally, achieved);
  return {
    latency: {
      series: [
        ...(rate === null
          ? []
          : [
              latencySeries(tally.fromIntended, {
                name: 'from the intended start',
                corrected: true,
                unit: 'us',
              }),
            ]),
        latencySeries(tally.fromActual, { name: 'from the actual start', corrected: false, unit: 'us' }),
      ],
      durationMs: measuredMs,
      askedPerSecond: rate === null ? null : askedPerSecond(plan, rate),
      achievedPerSecond: achieved,
      connections: plan.mode === 'kept' ? plan.connections : null,
      requests: tally.requests,
      failures,
      ...(measured.length === 0 ? {} : { budgets: measured }),
      ...(warnings.length === 0 ? {} : { warnings }),
    },
    p99Ms,
    answered: tally.answered,
    failed: failures.reduce((sum, { count }) => sum + count, 0),
    wrongCounts: tally.wrongCounts,
    firstWrongCount: tally.firstWrongCount,
    evidence: tally.evidence,
  };
}

/** Requests of the measured part over its length: what a rise from one rate to another comes to. */
function askedPerSecond(plan: LoadPlan, rate: NonNullable<LoadPlan['rate']>): number {
  if (rate.from === rate.to) return rate.from;
  const schedule = new Schedule(stretchesOf({ ...plan, rate, warmupMs: 0, rampMs: 0 }));
  return (schedule.total / plan.durationMs) * 1000;
}
