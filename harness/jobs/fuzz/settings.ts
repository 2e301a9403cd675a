import type { LabHostOptions } from '../../lab-host';
import type { Profile } from '../../model/profile';
import type { KeyGroupSetting } from '../../../protocol';
import type { ControlCommands } from '../../target';
import type { Revival } from '../../cases/conduct/revive';
import type { CaseLevel } from '../../cases/case';

export const FEEDBACK_KINDS = ['none', 'answers', 'coverage'] as const;
export type FeedbackKind = (typeof FEEDBACK_KINDS)[number];

/** What cases a campaign runs, and on what: plain data, so that a worker thread can be told. */
export interface CampaignSettings {
  readonly seed: number;
  readonly levels: readonly CaseLevel[];
  /** Folder of captures whose requests are mutated; null for none. */
  readonly corpus: string | null;
  /** Cases at the same time, in each worker; null for as many as suit the host. */
  readonly lanes: number | null;
  readonly connections: 'kept' | 'each';
  /** What decides about the cases to come: nothing unless told, answers that are new, or code of the host that is. */
  readonly feedback?: FeedbackKind | undefined;
  readonly workers: number;
  readonly shard: { readonly index: number; readonly of: number };
  readonly timeoutMs: number;
  /** How long a host that died, and that nobody but a person can start again, is waited for; 30 s unless told. */
  readonly waitForHost?: Partial<Pick<Revival, 'withinMs' | 'quickMs'>> | undefined;
  readonly stopOnFinding: boolean;
  /** Requirements whose findings count for that; all where left out. */
  readonly decidingClauses?: readonly string[] | undefined;
  /** Folder that findings are saved in; null for none. */
  readonly out: string | null;
  readonly target: TargetSettings;
}

/** A target that each worker opens for itself: an embedded lab host of its own, or the one that is named. */
export interface TargetSettings {
  readonly address: string | null;
  /** What a command line needs to come to this target: it goes into the lines that show a finding again. */
  readonly arguments: readonly string[];
  readonly allowRemote: boolean;
  readonly profile: Profile;
  readonly keyGroup: KeyGroupSetting | null;
  readonly controls: ControlCommands;
  readonly controlsFolder: string;
  readonly macKey: Uint8Array | null;
  readonly lab: Omit<LabHostOptions, 'clock' | 'onRequest'>;
}

/** Restarts and set clocks would be felt by the other workers' cases, where they share a host. */
export function isExclusive({ target, workers }: Pick<CampaignSettings, 'target' | 'workers'>): boolean {
  return target.address === null || workers === 1;
}

/** The index, among all cases of the seed, of the n-th case of this shard. */
export const indexOf = ({ shard }: Pick<CampaignSettings, 'shard'>, n: number): number =>
  n * shard.of + (shard.index - 1);

/** Cases of a shard where there are `runs` in all shards together. */
export const casesOfShard = ({ shard }: Pick<CampaignSettings, 'shard'>, runs: number): number =>
  Math.max(0, Math.ceil((runs - (shard.index - 1)) / shard.of));
