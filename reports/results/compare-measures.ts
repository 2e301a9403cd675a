import type { Report } from './model';

/** By how much measures of two reports may differ. */
export interface Tolerances {
  /** Machines by which an answered count may differ; 0 unless said. */
  readonly counts: number;
  /** Percent by which a latency may grow before it is worse; 20 unless said. */
  readonly latencyPercent: number;
  /** Milliseconds by which it must have grown as well, so that noise of microseconds is none; 0.5 unless said. */
  readonly latencyMs: number;
}

/** Tolerances where none are named. */
export const DEFAULT_TOLERANCES: Tolerances = { counts: 0, latencyPercent: 20, latencyMs: 0.5 };

/** A request whose answered count is another than before. */
export interface CountChange {
  readonly index: number;
  readonly sent: string;
  readonly before: number | null;
  readonly after: number | null;
}

/** A percentile that moved beyond the tolerance, either way. */
export interface LatencyChange {
  readonly series: string;
  readonly percentile: number;
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly percent: number;
  readonly worse: boolean;
}

/** Requests that both trajectories have and that were answered with counts further apart than the tolerance. */
export function compareCounts(older: Report, newer: Report, tolerances: Partial<Tolerances>): CountChange[] {
  const tolerance = tolerances.counts ?? DEFAULT_TOLERANCES.counts;
  const before = new Map((older.trajectory?.points ?? []).map((point) => [point.index, point]));
  return (newer.trajectory?.points ?? []).flatMap(({ index, sent, answered }) => {
    const old = before.get(index);
    if (old === undefined || old.answered === answered) return [];
    if (old.answered !== null && answered !== null && Math.abs(old.answered - answered) <= tolerance)
      return [];
    return [{ index, sent, before: old.answered, after: answered }];
  });
}

/** Percentiles that both reports have, in series of the same name, and that moved beyond the tolerance. */
export function compareLatency(
  older: Report,
  newer: Report,
  tolerances: Partial<Tolerances>,
): LatencyChange[] {
  const percentTolerance = tolerances.latencyPercent ?? DEFAULT_TOLERANCES.latencyPercent;
  const msTolerance = tolerances.latencyMs ?? DEFAULT_TOLERANCES.latencyMs;
  const oldSeries = new Map((older.latency?.series ?? []).map((series) => [series.name, series]));
  return (newer.latency?.series ?? []).flatMap(({ name, percentiles }) =>
    percentiles.flatMap(({ percentile, ms }) => {
      const before = oldSeries.get(name)?.percentiles.find((each) => each.percentile === percentile)?.ms;
      if (before === undefined) return [];
      const moved = Math.abs(ms - before);
      const percent = before === 0 ? (ms === 0 ? 0 : 100) : ((ms - before) / before) * 100;
      if (moved <= msTolerance || Math.abs(percent) <= percentTolerance) return [];
      return [{ series: name, percentile, beforeMs: before, afterMs: ms, percent, worse: ms > before }];
    }),
  );
}
