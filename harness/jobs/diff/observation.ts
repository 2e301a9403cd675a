import type { Life } from '../../cases/conduct/probe';
import type { Violation } from '../../cases/judge/violation';
import type { Seen } from './seen';

/** What a host did in a conversation, step by step; behind the steps of each case, what came of ending its connections. */
export interface Observation {
  readonly steps: readonly (readonly Seen[])[];
  /** What clauses say against it, by the host's own history. */
  readonly violations: readonly Violation[];
  /** Whether it lives, where that was looked at; null where nothing hinted at its death. */
  readonly life: Life | null;
  /** Its own counters, where it was asked for them. */
  readonly counters: Readonly<Record<string, number>>;
}

/** One thing in which two observations differ. */
export interface Difference {
  /** What differs, without the numbers of this run: by it differences of one cause are known. */
  readonly signature: string;
  /** The field, where it is one. */
  readonly path: string | null;
  /** The step, counted through all cases of the conversation; null for what shows behind the last. */
  readonly step: number | null;
  readonly a: string;
  readonly b: string;
}
