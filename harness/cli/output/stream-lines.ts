import type { Trajectory, TrajectoryPoint } from '../../../reports/results/model';
import { columns, pad } from '../../../reports/text/columns';
import { streamChart } from '../../jobs/stream/chart';
import type { SegmentCollector } from '../../jobs/stream/segments';
import { streamTable } from '../../jobs/stream/table';

/** A stream as people read it: its requests, and its counts as a chart. @param segments null for a line to each request */
export function streamLines(trajectory: Trajectory, segments: SegmentCollector | null): string[] {
  const requests =
    segments === null ? columns(trajectory.points.map(pointCells), { widths: [] }) : streamTable(segments);
  return [...requests, '', ...streamChart(trajectory)];
}

function pointCells({ index, sent, answered, expected, note }: TrajectoryPoint): string[] {
  const count = answered === null ? (note ?? 'no count') : String(answered);
  const differs = answered === expected ? '' : '  <- differs';
  return [
    pad(String(index + 1), 6, 'right'),
    pad(sent, 32),
    pad(count, 4, 'right'),
    pad(String(expected ?? 'refusal'), 4, 'right') + differs,
  ];
}
