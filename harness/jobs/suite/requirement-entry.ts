import type { Level } from '../../../reports/results/levels';

export type { Level };

/** One requirement of the catalogue. Ids are stable: never renumbered, never used again. */
export interface RequirementEntry<Id extends string = string> {
  readonly id: Id;
  readonly level: Level;
  /** What the host (or the domain) does, as a sentence without its subject. */
  readonly title: string;
  /** Guides with their section, RPC documents with their clause, or this project's own model. */
  readonly sources: readonly string[];
  /** Takes minutes: it runs with `--slow`, or where it is asked for by its whole id. */
  readonly slow?: true;
  /** Why no scenario checks it. */
  readonly noScenario?: string;
  /** What usually causes its failure, for messages that can tell no better: a clause of its own. */
  readonly usually?: string;
}

/** The part of an id before its dash. */
export const suiteOf = (id: string): string => id.split('-', 1)[0]!;

/** What the reports name as the source. */
export const sourceOf = (entry: Pick<RequirementEntry, 'sources'>): string => entry.sources.join('; ');
