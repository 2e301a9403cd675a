import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from 'hdr-histogram-js';
import type { LatencySeries } from './sections';

/** Percentiles that a series carries, as far as it has enough values to tell them apart. */
const PERCENTILES = [50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99, 99.999, 99.9999, 100] as const;

const MS_PER_UNIT: Readonly<Record<LatencySeries['unit'], number>> = { ns: 1e-6, us: 1e-3, ms: 1 };

/** What a report holds of a histogram: the histogram itself, encoded, and the numbers that people look for. */
export function latencySeries(
  histogram: Histogram,
  of: Pick<LatencySeries, 'name' | 'corrected' | 'unit'>,
): LatencySeries {
  const ms = MS_PER_UNIT[of.unit];
  const count = histogram.totalCount;
  const empty = count === 0;
  return {
    ...of,
    histogram: encodeIntoCompressedBase64(histogram),
    count,
    minMs: empty ? 0 : histogram.getValueAtPercentile(0) * ms,
    maxMs: empty ? 0 : histogram.maxValue * ms,
    meanMs: empty ? 0 : histogram.mean * ms,
    percentiles: told(count).map((percentile) => ({
      percentile,
      ms: histogram.getValueAtPercentile(percentile) * ms,
    })),
  };
}

/** The sum of histograms of one precision: what one histogram of all their values would be. */
export function addHistograms(histograms: readonly Histogram[]): Histogram {
  const sum = build({
    bitBucketSize: 64,
    autoResize: true,
    numberOfSignificantValueDigits: (histograms[0]?.numberOfSignificantValueDigits ?? 3) as 1 | 2 | 3 | 4 | 5,
  });
  for (const histogram of histograms) sum.add(histogram);
  return sum;
}

/**
 * The histogram that a series was made of.
 * @throws Error (of hdr-histogram-js) where the text is no encoded histogram
 */
export function histogramOf(series: LatencySeries): Histogram {
  return decodeFromCompressedBase64(series.histogram, 64);
}

/** p99.9 of 20 values would only be the greatest under another name. */
function told(count: number): number[] {
  if (count === 0) return [];
  return PERCENTILES.filter((percentile) => percentile === 100 || count * (1 - percentile / 100) > 0.999);
}
