import type { KeyGroupSetting } from '../../protocol';
import type { FaultName, LabHostOptions } from '../../harness/lab-host';
import type { Profile } from '../../harness/model/profile';
import { runSuite, type SuiteOptions, type SuiteResult } from '../../harness/runner/run-suite';
import { openTarget, type Target } from '../../harness/target';
import { CATALOGUE } from '../catalogue';
import { scenarioFiles } from '../files';

/** How a test runs the suite; all that is left out is as for a good host. */
export interface LabRun {
  readonly ids?: readonly string[];
  readonly faults?: readonly FaultName[];
  readonly keyGroup?: KeyGroupSetting | undefined;
  readonly profile?: Profile;
  readonly lab?: LabHostOptions;
  readonly seed?: number;
  readonly timeoutMs?: number;
  readonly slow?: boolean;
  readonly shuffle?: boolean;
  readonly repeat?: number;
  readonly signal?: AbortSignal;
  readonly files?: readonly string[];
  readonly budgets?: SuiteOptions['session']['budgets'];
  readonly onProgress?: SuiteOptions['onProgress'];
}

/** Runs scenarios against an embedded lab host of their own. */
export async function runOnLab(run: LabRun = {}): Promise<SuiteResult> {
  const target = await openTarget({
    ...(run.profile === undefined ? {} : { profile: run.profile }),
    keyGroup: run.keyGroup,
    lab: { ...run.lab, ...(run.faults === undefined ? {} : { faults: run.faults }) },
  });
  try {
    return await runOn(target, run);
  } finally {
    await target.close();
  }
}

/** Runs scenarios against a target that the caller closes. */
export function runOn(target: Target, run: LabRun = {}): Promise<SuiteResult> {
  return runSuite({
    catalogue: CATALOGUE,
    selection: { words: run.ids ?? [], exclude: [], slow: run.slow ?? false, shard: null },
    files: run.files ?? scenarioFiles(),
    session: {
      target,
      timeoutMs: run.timeoutMs ?? 5000,
      seed: run.seed ?? 1,
      signal: run.signal ?? new AbortController().signal,
      budgets: run.budgets,
    },
    shuffle: run.shuffle ?? false,
    repeat: run.repeat ?? 1,
    repeatCommand: (id) => `kmsspec run ${id}`,
    ...(run.onProgress === undefined ? {} : { onProgress: run.onProgress }),
  });
}

/** Deadlines in which faults that are slow show soon, and good hosts still answer on a busy machine. */
const FAULT_TIMEOUT_MS = 500;

/** Runs scenarios against a lab host with one fault, with all that its requirements need. */
export function runWithFault(
  fault: { readonly name: string; readonly keyGroup?: KeyGroupSetting },
  ids: readonly string[],
): Promise<SuiteResult> {
  return runOnLab({
    ids,
    faults: [fault.name as FaultName],
    keyGroup: fault.keyGroup,
    timeoutMs: FAULT_TIMEOUT_MS,
    lab: { slowMs: FAULT_TIMEOUT_MS + 200, ...(ids.includes('TIME-08') ? { idleCloseSeconds: 1 } : {}) },
    budgets: { p99Ms: 200, rate: 200, idleCloseSeconds: 1 },
  });
}

/** Ids that came to an outcome. */
export const idsWith = (outcome: string, { results }: SuiteResult): string[] =>
  results.filter((result) => result.outcome === outcome).map(({ id }) => id);
