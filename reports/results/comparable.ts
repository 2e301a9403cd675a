import type { Part } from './merge-part';
import { ReportError } from './report-error';

/**
 * Whether two reports can be held against each other.
 * @returns what a reader should know, where they can, but perhaps should not be
 * @throws ReportError `parts-do-not-belong-together` where they come from different verbs, or one is a shard and the other another
 */
export function checkComparable(older: Part, newer: Part): string[] {
  const [before, after] = [older.report, newer.report];
  refuseUnlike(older, newer, 'run.verb', verbOf(before.run.verb), verbOf(after.run.verb));
  refuseUnlike(older, newer, 'run.shard', shardOf(before.run.shard), shardOf(after.run.shard));
  return [
    ...(after.run.startedAt < before.run.startedAt
      ? [`${newer.where}, given as the new report, began before ${older.where}: the old one is named first`]
      : []),
    ...(after.target.profile === before.target.profile
      ? []
      : [`the reports judge by different profiles, ${before.target.profile} and ${after.target.profile}`]),
  ];
}

const verbOf = (verb: string | undefined): string => verb ?? 'run';

const shardOf = (shard: { readonly index: number; readonly of: number } | null): string =>
  shard === null ? 'none' : `${shard.index}/${shard.of}`;

function refuseUnlike(older: Part, newer: Part, path: string, before: string, after: string): void {
  if (before === after) return;
  throw new ReportError({
    code: 'parts-do-not-belong-together',
    where: newer.where,
    path,
    problem: `is ${after}, in ${older.where} ${before}`,
    advice: 'compare reports of the same verb, and of the same shard or none',
  });
}
