import type { Profile } from '../../harness/model/profile';
import type { SuiteOutcome } from '../../harness/jobs/suite/run-suite';
import { DEFAULT_FAIL_ON } from '../../reports/results/levels';
import { runOn } from './lab-run';
import { openStranger, type Stranger } from './strangers';

/** What a host's habits bear on, and enough counting to see that none of it is lost. */
const SELECTION = [
  ...['MSG', 'RPC', 'CNT', 'CACHE', 'TIME-02', 'TIME-03', 'TIME-05', 'TIME-09'],
  ...['ROB-01', 'ROB-02', 'ROB-04', 'ROB-05', 'ROB-06', 'ROB-07', 'ROB-10', 'ROB-12'],
];

/** Without controls the same host is met again: what goes by its count, and an exchange of each kind beside it. */
const BLIND_SELECTION = ['MSG-01', 'RPC-07', 'RPC-12', 'CNT', 'CACHE', 'TIME-02', 'ROB-07'];

export interface HabitRun {
  readonly controls: boolean;
  readonly profile: Profile;
  /** Every requirement, instead of those that habits bear on. */
  readonly whole?: boolean;
}

/** Runs the suite against a good host with all these habits. */
export async function runAgainst(
  habits: readonly Stranger[],
  { controls, profile, whole = false }: HabitRun,
): Promise<SuiteOutcome> {
  const stranger = await openStranger(habits, controls, { profile });
  try {
    return await runOn(stranger.target, whole ? {} : { ids: controls ? SELECTION : BLIND_SELECTION });
  } finally {
    await stranger.close();
  }
}

/** Failures that decide an exit code, as `ID: message`. */
export const accusationsOf = ({ results }: SuiteOutcome): string[] =>
  results
    .filter(({ outcome, level }) => outcome === 'failed' && DEFAULT_FAIL_ON.includes(level))
    .map(({ id, message }) => `${id}: ${message}`);
