import type { Finding } from '../../reports/results/finding';
import type { Baseline, BaselineEntry } from './baseline';

/**
 * Findings as they stand to a baseline: one that it knows is told with the reason, and decides nothing; one whose entry has expired decides.
 * @param today as YYYY-MM-DD
 */
export function findingsAgainstBaseline(
  findings: readonly Finding[],
  baseline: Baseline,
  today: string,
): Finding[] {
  return findings.map((finding) => {
    const entry = baseline.get(finding.id);
    if (entry === undefined) return finding;
    const { expires, reason } = entry;
    if (expires === undefined || expires >= today) return { ...finding, state: 'known', reason };
    return { ...finding, message: `${finding.message} (the baseline knew it until ${expires}: ${reason})` };
  });
}

/** A baseline that knows these findings. Reasons, tickets and dates that were there stay, and entries of what was not met. */
export function withFindings(findings: readonly Finding[], before: Baseline, today: string): BaselineEntry[] {
  const entries = new Map(before);
  for (const { id } of findings)
    if (!entries.has(id))
      entries.set(id, {
        id,
        outcome: 'failed',
        reason: `recorded by --update-baseline on ${today}: say why`,
      });
  return [...entries.values()].sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
}
