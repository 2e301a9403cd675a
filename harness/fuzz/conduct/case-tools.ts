import type { TargetControls } from '../../target';
import type { RunContext } from './capabilities';
import type { CaseCount } from '../judge/case-count';
import type { CoverageTable } from '../judge/coverage';
import type { LeakWatch } from '../judge/leak-watch';

/** What running a case needs beside the case. */
export interface CaseTools {
  readonly context: RunContext;
  readonly watch: LeakWatch;
  readonly coverage: CoverageTable;
  readonly controls: TargetControls;
  /** The counting of a host whose applications cannot be told apart; by default each case counts for itself. */
  readonly count?: CaseCount | null;
}
