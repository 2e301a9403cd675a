import type { Coverage, CoverageRow, Reaction } from './sections';

/** The reactions of a host, in the order in which tables show them. */
export const REACTION_ORDER: readonly Reaction[] = [
  'answered',
  'hresult',
  'fault',
  'closed',
  'reset',
  'timeout',
];

/** How often this kind of value was sent in this field. */
export function triedTimes({ reactions }: CoverageRow): number {
  return REACTION_ORDER.reduce((sum, reaction) => sum + reactions[reaction], 0);
}

/** Pairs of field and kind of value that were never sent. */
export function untried({ rows }: Coverage): CoverageRow[] {
  return rows.filter((row) => triedTimes(row) === 0);
}
