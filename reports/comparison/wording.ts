import type { Change, Comparison } from '../results/compare';
import { formatDuration } from '../results/wording';

/** The groups of changes, worst first, with their headings. */
export const GROUPS = [
  ['newlyFailing', 'Newly failing', '✗'],
  ['changedFailure', 'Fails in another way', '✗'],
  ['added', 'New', '+'],
  ['noLongerChecked', 'No longer checked', '?'],
  ['gone', 'Gone', '−'],
  ['fixed', 'Fixed', '✓'],
] as const satisfies readonly (readonly [keyof Comparison, string, string])[];

export function comparisonSentence(comparison: Comparison): string {
  const counts = GROUPS.map(([key, title]) => [comparison[key].length, title.toLowerCase()] as const);
  const said = [
    ...counts,
    [comparison.counts.length, 'other counts'] as const,
    [comparison.latency.filter(({ worse }) => worse).length, 'slower percentiles'] as const,
    [comparison.latency.filter(({ worse }) => !worse).length, 'faster percentiles'] as const,
  ].filter(([count]) => count > 0);
  const cut = cutShortSentence(comparison);
  if (said.length === 0) return `${cut}Nothing changed (${comparison.unchanged} compared).`;
  return `${cut}${said.map(([count, what]) => `${count} ${what}`).join(', ')}; ${comparison.unchanged} unchanged.`;
}

/** Why the new run says nothing of the host; nothing where it does. */
function cutShortSentence({ cutShort }: Comparison): string {
  if (cutShort === null) return '';
  const { verdict, message } = cutShort;
  return `The new run came to ${verdict}${message === undefined ? '' : ` (${message})`}: what it did not check may be worse. `;
}

/** `passed → failed`, or what there is of it. */
export function stateChange({ before, after }: Change): string {
  if (before === null) return after ?? '';
  return after === null ? `was ${before}` : before === after ? before : `${before} → ${after}`;
}

export function countLine({ index, before, after }: Comparison['counts'][number]): string {
  return `request ${index}: answered ${before ?? 'nothing'} before, ${after ?? 'nothing'} now`;
}

export function latencyLine({
  percentile,
  beforeMs,
  afterMs,
  percent,
}: Comparison['latency'][number]): string {
  const sign = percent > 0 ? '+' : '−';
  return `${percentile} %: ${formatDuration(beforeMs)} → ${formatDuration(afterMs)} (${sign}${Math.abs(percent).toFixed(0)} %)`;
}

const sideInWords = ({ label, target, startedAt, version }: Comparison['old']): string =>
  `${label === undefined ? '' : `${label}, `}${target} at ${startedAt} (kmsspec ${version})`;

export function sidesLine({ old, new: now }: Comparison): string {
  return `${sideInWords(old)} → ${sideInWords(now)}`;
}
