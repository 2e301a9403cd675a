import type { Replay, ReplayedExchange } from './sections';

type Counts = Readonly<Record<ReplayedExchange['verdict'], number>>;

const NONE: Counts = { agrees: 0, differs: 0, 'not-comparable': 0 };

/** How many exchanges of a replay came to what, whether they are listed or not. */
export interface ReplayCounts extends Counts {
  readonly sent: number;
  /** Of these, how many are not listed one by one. */
  readonly unlisted: number;
}

/** Counts what was sent again; nothing where nothing was. */
export function replayCounts(replay: Replay | undefined): ReplayCounts {
  const { exchanges = [], unlisted = NONE } = replay ?? {};
  const count = (verdict: ReplayedExchange['verdict']): number =>
    unlisted[verdict] + exchanges.filter((each) => each.verdict === verdict).length;
  const left = unlisted.agrees + unlisted.differs + unlisted['not-comparable'];
  return {
    agrees: count('agrees'),
    differs: count('differs'),
    'not-comparable': count('not-comparable'),
    sent: exchanges.length + left,
    unlisted: left,
  };
}

/** What stands for the exchanges that are not listed, such as `95,000 agree`; empty where all are. */
export function unlistedWords(replay: Replay): string {
  const { agrees, differs, 'not-comparable': others } = replay.unlisted ?? NONE;
  return [
    [agrees, 'agree'],
    [differs, 'differ'],
    [others, 'cannot be compared'],
  ]
    .filter(([count]) => count !== 0)
    .map(([count, what]) => `${count} ${what}`)
    .join(', ');
}
