import { addHistograms, histogramOf, latencySeries } from './latency';
import { type Held, refusal } from './merge-part';
import type { Latency, LatencySeries } from './model';
import { ReportError } from './report-error';

/** The latencies of shards as those of one run: histograms are added, rates too. @throws ReportError where they cannot be */
export function mergeLatency(held: readonly Held<Latency>[]): Latency {
  const all = held.map(({ section }) => section);
  const sum = (of: (latency: Latency) => number): number => all.reduce((total, each) => total + of(each), 0);
  const warnings = [...new Set(all.flatMap((each) => each.warnings ?? []))];
  const budgets = all.flatMap((each) => each.budgets ?? []);
  const failures = new Map<string, number>();
  for (const { class: name, count } of all.flatMap((each) => each.failures)) {
    failures.set(name, (failures.get(name) ?? 0) + count);
  }
  const series = mergeSeries(held);
  return {
    series,
    durationMs: Math.max(...all.map(({ durationMs }) => durationMs)),
    askedPerSecond: sumWhereKnown(all.map(({ askedPerSecond }) => askedPerSecond)),
    achievedPerSecond: sum(({ achievedPerSecond }) => achievedPerSecond),
    connections: sumWhereKnown(all.map(({ connections }) => connections)),
    requests: sum(({ requests }) => requests),
    failures: [...failures].map(([name, count]) => ({ class: name, count })),
    ...(budgets.length === 0 ? {} : { budgets: mergeBudgets(budgets) }),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

function sumWhereKnown(all: readonly (number | null)[]): number | null {
  return all.reduce((sum, each) => (sum === null || each === null ? null : sum + each), 0);
}

/** A budget holds for the whole where every part held it: the worst part is told. */
function mergeBudgets(
  budgets: readonly NonNullable<Latency['budgets']>[number][],
): NonNullable<Latency['budgets']> {
  const merged = new Map<string, (typeof budgets)[number]>();
  for (const budget of budgets) {
    const before = merged.get(budget.name);
    const excess = (each: (typeof budgets)[number]): number => Math.abs(each.measured - each.limit);
    const worse =
      before === undefined ||
      (before.held && !budget.held) ||
      (before.held === budget.held &&
        (budget.held ? excess(budget) < excess(before) : excess(budget) > excess(before)));
    if (worse) merged.set(budget.name, budget);
  }
  return [...merged.values()];
}

function mergeSeries(held: readonly Held<Latency>[]): LatencySeries[] {
  const names = [...new Set(held.flatMap(({ section }) => section.series.map(({ name }) => name)))];
  return names.map((name) => {
    const same = held.flatMap(({ section, where }) =>
      section.series.filter((series) => series.name === name).map((series) => ({ series, where })),
    );
    const { unit, corrected } = same[0]!.series;
    const histograms = same.map(({ series, where }) => {
      if (series.unit !== unit || series.corrected !== corrected) {
        throw refusal(
          where,
          `latency.series.${name}`,
          'is measured in another way than in the first part',
          'measure all parts alike',
        );
      }
      return decoded(series, where);
    });
    const digits = histograms[0]!.numberOfSignificantValueDigits;
    const odd = histograms.findIndex((histogram) => histogram.numberOfSignificantValueDigits !== digits);
    if (odd >= 0) {
      throw refusal(
        same[odd]!.where,
        `latency.series.${name}`,
        'has another precision than the first part, so the sum would not be exact',
        'measure all parts alike',
      );
    }
    return latencySeries(addHistograms(histograms), { name, corrected, unit });
  });
}

function decoded(series: LatencySeries, where: string): ReturnType<typeof histogramOf> {
  const wrong = (problem: string): ReportError =>
    new ReportError({
      code: 'bad-field',
      where,
      path: `latency.series.${series.name}.histogram`,
      problem,
      advice: 'write the report again',
    });
  let histogram: ReturnType<typeof histogramOf>;
  try {
    histogram = histogramOf(series);
  } catch {
    throw wrong('is no encoded HdrHistogram');
  }
  if (histogram.totalCount !== series.count) {
    throw wrong(`holds ${histogram.totalCount} values, the series says ${series.count}`);
  }
  return histogram;
}
