import { formatStatus } from '../../../protocol';
import type { Replay, Trajectory } from '../../../reports/results/model';
import type { ReplayRow } from './replay-row';
import type { ReplayTally } from './replay-tally';

/** The `replay` section of the report. */
export function replaySection(
  capture: string,
  mode: string,
  { listed }: ReplayTally,
  warnings: readonly string[],
): Replay {
  return { capture, mode, ...listed, ...(warnings.length === 0 ? {} : { warnings: [...warnings] }) };
}

/** The `trajectory` section: recorded, answered and expected count after each request. */
export const trajectorySection = ({ trajectory }: ReplayTally): Trajectory => trajectory;

/** An expected answer in a few words: `≥ n` where the target's history is not known, `-` where nothing bounds it. */
export function describeExpected({ expected, bounds }: ReplayRow): string {
  if (expected?.kind === 'refusal') return formatStatus(expected.hresult);
  if (bounds === null) return '-';
  return bounds.most === bounds.least ? String(bounds.least) : `≥ ${bounds.least}`;
}
