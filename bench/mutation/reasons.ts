import type { Survivor } from './results';

/** Why survivors may survive: one reason for all of a kind. */
export interface Reason {
  readonly reason: string;
  readonly survivors: readonly Survivor[];
}

const keyOf = ({ file, line, change }: Survivor): string => JSON.stringify([file, line, change]);

/**
 * Survivors without a reason, and reasons whose mutant is none any more.
 * @param wasRun reasons of other files are left alone
 */
export function unmatched(
  survivors: readonly Survivor[],
  reasons: readonly Reason[],
  wasRun: (file: string) => boolean,
): { readonly unexplained: Survivor[]; readonly outdated: Survivor[] } {
  const listed = reasons.flatMap((reason) => reason.survivors.filter(({ file }) => wasRun(file)));
  return { unexplained: without(survivors, listed), outdated: without(listed, survivors) };
}

/** What is in `all` more often than in `known`: two mutants of a line may read the same. */
function without(all: readonly Survivor[], known: readonly Survivor[]): Survivor[] {
  const left = known.map(keyOf);
  return all.filter((one) => {
    const at = left.indexOf(keyOf(one));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
