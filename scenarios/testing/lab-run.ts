import type { KeyGroupSetting } from '../../protocol';
import type { FaultName, LabHostOptions } from '../../harness/lab-host';
import { OVERLAP_FAULTS } from '../../harness/lab-host/faults/overlap';
import type { Clock } from '../../harness/support/clock';
import type { Profile } from '../../harness/model/profile';
import {
  runSuite,
  type SuiteJobOptions,
  type SuiteOutcome,
  type SuitePlan,
} from '../../harness/jobs/suite/run-suite';
import { openTarget, type Target } from '../../harness/target';
import { CATALOGUE } from '../catalogue';
import { scenarioFiles } from '../files';

/** How a test runs the suite; all that is left out is as for a good host. */
export interface LabRun {
  readonly ids?: readonly string[];
  readonly faults?: readonly FaultName[];
  readonly keyGroup?: KeyGroupSetting | undefined;
  readonly profile?: Profile;
  /** Of the client, and of the host where `lab` gives it no other. */
  readonly clock?: Clock;
  readonly lab?: LabHostOptions;
  readonly seed?: number;
  readonly timeoutMs?: number;
  readonly slow?: boolean;
  readonly shuffle?: boolean;
  readonly repeat?: number;
  readonly signal?: AbortSignal;
  readonly files?: readonly string[];
  readonly budgets?: SuitePlan['budgets'];
  readonly onProgress?: SuiteJobOptions['onProgress'];
}

/** Runs scenarios against an embedded lab host of their own. */
export async function runOnLab(run: LabRun = {}): Promise<SuiteOutcome> {
  const target = await openTarget({
    ...(run.profile === undefined ? {} : { profile: run.profile }),
    keyGroup: run.keyGroup,
    ...(run.clock === undefined ? {} : { clock: run.clock }),
    lab: { ...run.lab, ...(run.faults === undefined ? {} : { faults: run.faults }) },
  });
  try {
    return await runOn(target, run);
  } finally {
    await target.close();
  }
}

/** Runs scenarios against a target that the caller closes. */
export function runOn(target: Target, run: LabRun = {}): Promise<SuiteOutcome> {
  return runSuite(
    {
      catalogue: CATALOGUE,
      selection: { words: run.ids ?? [], exclude: [], slow: run.slow ?? false, shard: null },
      files: run.files ?? scenarioFiles(),
      timeoutMs: run.timeoutMs ?? 5000,
      seed: run.seed ?? 1,
      budgets: run.budgets,
      shuffle: run.shuffle ?? false,
      repeat: run.repeat ?? 1,
    },
    { target },
    {
      signal: run.signal,
      repeatCommand: (id) => `kmsspec run ${id}`,
      ...(run.onProgress === undefined ? {} : { onProgress: run.onProgress }),
    },
  );
}

/** Deadlines in which faults that are slow show soon, and good hosts still answer on a busy machine. */
const FAULT_TIMEOUT_MS = 500;

/** Hosts that let calls wait for one another take some ms over each, of which 64 at once are asked. */
const WAITING: ReadonlySet<string> = new Set(OVERLAP_FAULTS.map(({ name }) => name));
const WAITING_TIMEOUT_MS = 5000;

/** Runs scenarios against a lab host with one fault, with all that its requirements need. */
export function runWithFault(
  fault: { readonly name: string; readonly keyGroup?: KeyGroupSetting },
  ids: readonly string[],
  clocks: { readonly client?: Clock; readonly host?: Clock } = {},
): Promise<SuiteOutcome> {
  const timeoutMs = WAITING.has(fault.name) ? WAITING_TIMEOUT_MS : FAULT_TIMEOUT_MS;
  return runOnLab({
    ids,
    faults: [fault.name as FaultName],
    keyGroup: fault.keyGroup,
    timeoutMs,
    ...(clocks.client === undefined ? {} : { clock: clocks.client }),
    lab: {
      slowMs: timeoutMs + 200,
      ...(clocks.host === undefined ? {} : { clock: clocks.host }),
      ...(ids.includes('TIME-08') ? { idleCloseSeconds: 1 } : {}),
    },
    budgets: { p99Ms: 200, rate: 200, idleCloseSeconds: 1 },
  });
}

/** Ids that came to an outcome. */
export const idsWith = (outcome: string, { results }: SuiteOutcome): string[] =>
  results.filter((result) => result.outcome === outcome).map(({ id }) => id);
