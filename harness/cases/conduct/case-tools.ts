import type { Turns } from '../../support/turns';
import type { TargetControls } from '../../target';
import type { Heard } from './case-connection';
import type { RunContext } from './capabilities';
import type { CaseCount } from '../judge/case-count';
import type { CoverageTable } from '../judge/coverage';
import type { LeakWatch } from '../judge/leak-watch';

/** Hears what a case sees of its host. */
export interface CaseTrace {
  /** The step of this number is taken; behind the last, connections are ended. */
  begins?(step: number): void;
  /** @param kinds what of the request was unusual */
  add(heard: Heard, kinds: readonly string[]): void;
  /** An answer took so long, where it usually takes no longer than that. */
  took(ms: number, usualMs: number): void;
}

/** What running a case needs beside the case. */
export interface CaseTools {
  readonly context: RunContext;
  readonly watch: LeakWatch;
  readonly coverage: CoverageTable;
  readonly controls: TargetControls;
  /** What the case sees, where that decides about the cases to come. */
  readonly trace?: CaseTrace | undefined;
  /** The counting of a host whose applications cannot be told apart; by default each case counts for itself. */
  readonly count?: CaseCount | null;
  /** Where others are counted in the same table meanwhile: what may be counted is sent and judged in turn. */
  readonly turns?: Turns | undefined;
}
