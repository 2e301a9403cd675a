import type { JobEnd, JobOutcome } from '../../../reports/results/job-outcome';
import type { Finding } from '../../../reports/results/model';
import { TargetDied } from '../../cases/conduct/revive';
import { askedAlike, identitiesOf, runOf } from './asked-alike';
import type { SavedDifference } from './difference-file';
import { brokenBy } from './look';
import type { Difference } from './observation';
import { type Both, Pair } from './pair';
import type { DiffHost, DiffPlan } from './plan';
import { reportedAll } from './reported';
import { Side } from './side';

export type AgainState = 'fixed' | 'still-failing' | 'flaky';

/** What became of a saved difference. */
export interface AgainOutcome extends JobOutcome {
  readonly sections: { readonly findings: Finding[] };
  readonly saved: SavedDifference;
  readonly state: AgainState;
  readonly attempts: number;
  /** In how many of them it showed. */
  readonly shown: number;
  /** In what else the hosts differed in the same conversation. */
  readonly others: readonly Difference[];
}

/** How a saved difference is shown again. */
export interface AgainOptions {
  /** Where it lies. */
  readonly place: string;
  readonly attempts: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Holds the conversation of a saved difference again, with machines and applications that neither host has met: whether they still differ, always
 * or now and then.
 * @throws HostFailure where one of them cannot be reached or answers no good request
 */
export async function diffAgain(
  saved: SavedDifference,
  plan: DiffPlan,
  [a, b]: readonly [DiffHost, DiffHost],
  { place, attempts, signal }: AgainOptions,
): Promise<AgainOutcome> {
  const { seed, timeoutMs } = plan;
  const open = ({ target }: DiffHost): Promise<Side> => Side.open(target, { timeoutMs, seed, signal });
  const pair = await pairFor(saved, [await open(a), await open(b)], seed, signal);
  for (const field of [...saved.ignored, ...(plan.ignore ?? [])]) pair.ignored.add(field);
  const tries = new Tries(saved.difference.signature);
  const ended = await tries.make(pair, saved, attempts, signal);
  const { state, done, shown, last, both } = tries;
  const accuses = both !== null && !saved.isOfApplications;
  const found = { ...saved, difference: last ?? saved.difference, broken: accuses ? brokenBy(both) : null };
  const [told] = reportedAll([found], {
    ...{ plan, names: [a.name, b.name], causes: NONE, cases: NONE, saved: new Map([[saved.id, place]]) },
  });
  return {
    results: [],
    // What could not be asked to the end is not known to be mended.
    sections: { findings: ended !== undefined && shown === 0 ? [] : [{ ...told!, state }] },
    ...{ ended, saved, state, attempts: done, shown, others: tries.others },
  };
}

const NONE = new Map<string, never>();

async function pairFor(
  { isOfApplications }: SavedDifference,
  [a, b]: readonly [Side, Side],
  seed: number,
  signal: AbortSignal | undefined,
): Promise<Pair> {
  const random = identitiesOf(seed, await runOf(a, b, seed));
  const stopped = (): boolean => signal?.aborted === true;
  if (isOfApplications) return new Pair(a, b, random, stopped, 'apart');
  return new Pair(...askedAlike(a, b), random, stopped);
}

const isGone = ({ isDown, target }: Side): boolean => isDown && target.controls.restart === undefined;

class Tries {
  done = 0;
  shown = 0;
  /** As it showed last. */
  last: Difference | null = null;
  both: Both | null = null;
  readonly #others = new Map<string, Difference>();

  constructor(private readonly signature: string) {}

  get others(): readonly Difference[] {
    return [...this.#others.values()];
  }

  get state(): AgainState {
    return this.shown === 0 ? 'fixed' : this.shown === this.done ? 'still-failing' : 'flaky';
  }

  /** @returns how it ended where that is not by itself */
  async make(
    pair: Pair,
    { cases }: SavedDifference,
    attempts: number,
    signal: AbortSignal | undefined,
  ): Promise<JobEnd | undefined> {
    while (this.done < attempts) {
      if (signal?.aborted === true) return { how: 'interrupted', message: 'interrupted' };
      try {
        const both = await pair.alone(cases);
        this.done++;
        this.#take(pair.differences(cases, both), both);
        // A host that dies of it, and that nobody restarts, shows it once.
        if (this.shown > 0 && [pair.a, pair.b].some(isGone)) return undefined;
      } catch (error) {
        if (!(error instanceof TargetDied)) throw error;
        return { how: 'target-died', message: error.message };
      }
    }
    return undefined;
  }

  #take(differences: readonly Difference[], both: Both): void {
    for (const one of differences) {
      if (one.signature !== this.signature) {
        this.#others.set(one.signature, one);
        continue;
      }
      this.shown++;
      this.last = one;
      this.both = both;
    }
  }
}
