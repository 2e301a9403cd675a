import { stalledLatency } from './sample-measures';
import { reportOf } from './sample-report';
import type { Finding, Report, TrajectoryPoint } from '../results/model';

/** A request of a trajectory whose count nobody knows. */
export const uncounted = (index: number, change: Partial<TrajectoryPoint> = {}): TrajectoryPoint => ({
  index,
  sent: `client ${index}`,
  recorded: null,
  answered: null,
  expected: null,
  ...change,
});

/** Every section with no more in it than the schema asks for, of a part of a run against the embedded host. */
export function sparseReport(): Report {
  const { budgets: _b, warnings: _w, ...latency } = stalledLatency();
  const [first, second] = latency.series;
  const report = reportOf([], {
    trajectory: { requests: 9, thresholds: [], capacity: null, points: [uncounted(0), uncounted(1)] },
    latency: {
      ...latency,
      askedPerSecond: null,
      failures: [],
      series: [first!, { ...second!, percentiles: second!.percentiles.slice(0, 1) }],
    },
    coverage: { cases: 3, casesPerSecond: 1.2, resumed: true, rows: [] },
    findings: [sparseFinding('fixed')],
    fleet: {
      clients: 2,
      days: 1,
      hosts: ['127.0.0.1:1688'],
      states: ['grace'],
      samples: [],
      activated: 0,
      neverActivated: 2,
      firstActivationHour: null,
      lastActivationHour: null,
    },
    discovery: {
      domains: [
        {
          domain: 'one.example',
          hosts: [
            { name: 'kms', port: 1688, priority: 0, weight: 0, addresses: [], verdicts: ['not-probed'] },
          ],
        },
      ],
    },
    replay: {
      capture: 'some.pcap',
      exchanges: [
        {
          index: 0,
          sent: 'client 1',
          verdict: 'differs',
          equal: [],
          mayDiffer: [],
          mustNotDiffer: [
            { path: 'kms.response.ePid', recorded: null, answered: '05426-…', reason: 'one is absent' },
            { path: 'kms.response.count', recorded: '5', answered: null, reason: 'one is absent' },
          ],
        },
      ],
    },
  });
  return {
    ...report,
    run: { ...report.run, durationMs: 185_000, shard: { index: 2, of: 3 } },
    target: { ...report.target, embedded: true, controls: [] },
  };
}

/** A finding of one request that says only what it must. */
export function sparseFinding(state: Finding['state']): Finding {
  return {
    id: 'alive-1',
    oracle: 'alive',
    title: 'dies of a request',
    message: 'the host died',
    state,
    seed: 1,
    requests: 1,
    repeat: 'kmsspec fuzz --replay alive-1',
  };
}
