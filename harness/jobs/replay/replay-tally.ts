import type { Replay, ReplayedExchange, Trajectory } from '../../../reports/results/model';
import { ListedExchanges } from './listed-exchanges';
import type { ReplayRow } from './replay-row';
import { ReplayTrajectory } from './trajectory-points';

/** What a replay of any length came to, in bounded memory: rows are counted, and the first of each kind are kept. */
export class ReplayTally {
  /** Exchanges that were sent, by what the comparison came to. */
  readonly verdicts: Record<ReplayedExchange['verdict'], number> = {
    agrees: 0,
    differs: 0,
    'not-comparable': 0,
  };
  /** Fields that differed as was to be expected, with the reason, and in how many exchanges. */
  readonly mayDiffer = new Map<string, number>();
  first: ReplayRow | null = null;
  last: ReplayRow | null = null;
  firstDiffering: ReplayRow | null = null;
  /** The first whose count came and cannot be judged. */
  firstUnjudged: ReplayRow | null = null;
  readonly #listed = new ListedExchanges();
  readonly #trajectory: ReplayTrajectory;

  /** @param asked how many there are to be sent */
  constructor(readonly asked: number) {
    this.#trajectory = new ReplayTrajectory(asked);
  }

  /** How many were sent. */
  get sent(): number {
    const { agrees, differs, 'not-comparable': others } = this.verdicts;
    return agrees + differs + others;
  }

  add(row: ReplayRow): void {
    const { verdict, mayDiffer } = row.comparison;
    this.verdicts[verdict]++;
    for (const { path, reason } of mayDiffer) {
      const key = `${path} (${reason})`;
      this.mayDiffer.set(key, (this.mayDiffer.get(key) ?? 0) + 1);
    }
    this.first ??= row;
    this.last = row;
    if (verdict === 'differs') this.firstDiffering ??= row;
    if (verdict === 'not-comparable' && row.bounds !== null) this.firstUnjudged ??= row;
    this.#listed.add(row);
    this.#trajectory.add(row);
  }

  /** What a report lists of them. */
  get listed(): Pick<Replay, 'exchanges' | 'unlisted'> {
    const { list, unlisted } = this.#listed;
    return { exchanges: [...list], ...(unlisted === undefined ? {} : { unlisted }) };
  }

  get trajectory(): Trajectory {
    return this.#trajectory.section;
  }
}
