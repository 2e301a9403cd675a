import { build } from 'hdr-histogram-js';
import { latencySeries } from '../results/latency';
import type { Report, TrajectoryPoint } from '../results/model';

/** The mixed growth of the recorded capture, answered by a host that stops at 49. */
export function growthPoints(): TrajectoryPoint[] {
  const point = (index: number, sent: string, expected: number): TrajectoryPoint => ({
    index,
    sent,
    recorded: expected,
    answered: Math.min(expected, 49),
    expected,
    capacity: index < 15 ? 10 : 50,
  });
  return [
    ...Array.from({ length: 15 }, (_, index) => point(index, `server ${index + 1}`, Math.min(10, index + 1))),
    ...Array.from({ length: 45 }, (_, index) =>
      point(15 + index, `client ${index + 1}`, Math.min(50, 11 + index)),
    ),
    ...Array.from({ length: 5 }, (_, index) => point(60 + index, `server ${16 + index}`, 50)),
  ];
}

/** Two series of latencies: a host that stood still for 1.4 s, with and without correction. */
export function stalledLatency(): NonNullable<Report['latency']> {
  const corrected = build({ bitBucketSize: 64, numberOfSignificantValueDigits: 3 });
  const actual = build({ bitBucketSize: 64, numberOfSignificantValueDigits: 3 });
  for (let index = 0; index < 30_000; index += 1) {
    const normal = 400 + ((index * 7919) % 1000);
    actual.recordValue(index === 15_000 ? 1_400_000 : normal);
    corrected.recordValue(index >= 15_000 && index < 16_400 ? 1_400_000 - (index - 15_000) * 1000 : normal);
  }
  return {
    series: [
      latencySeries(corrected, { name: 'from the intended start', corrected: true, unit: 'us' }),
      latencySeries(actual, { name: 'from the actual start', corrected: false, unit: 'us' }),
    ],
    durationMs: 30_000,
    askedPerSecond: 1000,
    achievedPerSecond: 999.6,
    connections: null,
    requests: 30_000,
    failures: [{ class: 'timed out', count: 2 }],
    budgets: [
      { name: 'p99Ms', limit: 50, measured: 1176.5, held: false },
      { name: 'rate', limit: 990, measured: 999.6, held: true },
    ],
    warnings: ['the ephemeral ports were nearly used up'],
  };
}
