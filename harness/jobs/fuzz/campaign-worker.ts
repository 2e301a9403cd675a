import type { Assumption } from './conduct/assumptions';
import type { Finding } from './findings/finding';
import type { CoverageCounts, Remarks } from '../../cases/judge/coverage';

/** Cases that are run, written down and never run again, all at once. */
export interface BlockResult {
  readonly cases: number;
  /** False where it was broken off: it is to be run again. */
  readonly isWhole: boolean;
  readonly coverage: CoverageCounts;
  readonly remarks: Remarks;
  /** New in this worker. */
  readonly findings: readonly Finding[];
  /** Cases that showed a finding, new ones too, by its id. */
  readonly hits: Readonly<Record<string, number>>;
  /** Deadlines that passed once and not again. */
  readonly unconfirmed: readonly string[];
  /** Capabilities of the target that the user should know of. */
  readonly notes: readonly string[];
  /** What was tested of the target before the first case. */
  readonly assumptions: readonly Assumption[];
  /** Why no further case can be run: the host died and did not come back. */
  readonly died: string | null;
  /** Why else: a control failed, or the host cannot be reached any more. What the block came to by then stands beside it. */
  readonly failed: string | null;
}

/** Runs blocks of cases: in this thread, or in one of its own. */
export interface CampaignWorker {
  /**
   * @param from number of the first case within the shard
   * @param known findings that others made meanwhile
   * @throws HostFailure
   */
  run(from: number, count: number, known: readonly Finding[]): Promise<BlockResult>;
  /** Ends the block that is under way as soon as its cases are through. */
  stop(): void;
  close(): Promise<void>;
}
