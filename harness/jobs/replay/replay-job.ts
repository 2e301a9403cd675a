import type { KeyGroupSetting, KmsRequestInput } from '../../../protocol';
import { KEY_GROUPS } from '../../../protocol';
import type { JobOutcome } from '../../../reports/results/job-outcome';
import type { Replay, Trajectory } from '../../../reports/results/model';
import type { LabHostOptions } from '../../lab-host';
import { Random } from '../../support/random';
import { initialStateOf, type PreparedTarget } from '../../target/initial-state';
import type { ComparisonSetting } from './compare';
import type { Conversations } from './conversations';
import { replayExchanges } from './replay-exchanges';
import { ReplayNotes } from './replay-notes';
import { replaySection, trajectorySection } from './replay-report';
import type { ReplayRow } from './replay-row';
import type { ReplayTally } from './replay-tally';
import type { ConnectionMode } from './sender';
import type { Pace } from './timing';
import { judgeReplay } from './verdict';

/** What a replay sends, and how. */
export interface ReplayPlan {
  /** See `readConversations`, which is told, too, which exchanges of it are sent. */
  readonly recording: Conversations;
  /** What the report calls it: the name of the file. */
  readonly name: string;
  /** The recorded PDUs byte by byte, instead of the messages framed as the target negotiates. */
  readonly raw?: boolean | undefined;
  /** New CMIDs, drawn from the seed, and the time of now. */
  readonly fresh?: boolean | undefined;
  readonly seed: number;
  /** As fast as the answers come unless told. */
  readonly pace?: Pace;
  /** `recorded` unless told. */
  readonly connections?: ConnectionMode | undefined;
  /** What the target grants; what the recorded host granted unless told. */
  readonly keyGroup?: KeyGroupSetting | undefined;
  /** Intervals that the target answers, where they are not the recorded ones. */
  readonly intervals?: ComparisonSetting['intervals'] | undefined;
}

/** Who hears of a replay while it runs, and what ends it. */
export interface ReplayJobOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told each exchange with what the target made of it, as it is done. */
  readonly onRow?: (row: ReplayRow, before: ReplayRow | undefined) => void;
}

/** What a replay came to. */
export interface ReplayJobOutcome extends JobOutcome {
  readonly sections: { readonly replay: Replay; readonly trajectory: Trajectory };
  readonly tally: ReplayTally;
}

/**
 * Sends recorded requests to a target and judges the answers by the recorded ones (result REPLAY, sections `replay` and
 * `trajectory`). A field that differs and must not fails it; each such exchange carries what was sent, recorded and answered.
 * @throws ControlFailure; CaptureError where the recording cannot be read again as it was
 */
export async function replay(
  plan: ReplayPlan,
  host: PreparedTarget,
  { signal, onRow }: ReplayJobOptions = {},
): Promise<ReplayJobOutcome> {
  const { target, observer } = host;
  const { isFresh, problem } = initialStateOf(host);
  const { recording } = plan;
  const notes = new ReplayNotes();
  notes.add(...notesOf(plan, target.embedded), ...(problem === null ? [] : [problem]), ...recording.notes);
  const outcome = await replayExchanges({
    exchanges: recording,
    survey: recording.surveyFor(target.profile, keyGroupOf(plan)) ?? undefined,
    target,
    observer,
    pace: plan.pace ?? Infinity,
    connections: plan.connections ?? 'recorded',
    fresh: plan.fresh === true ? new Random(plan.seed).fork('replay') : undefined,
    raw: plan.raw === true ? recording.requests() : undefined,
    warn: (message) => notes.add(message),
    keyGroup: keyGroupOf(plan),
    targetIsFresh: isFresh,
    intervals: plan.intervals ?? {},
    ...(signal === undefined ? {} : { signal }),
    ...(onRow === undefined ? {} : { onRow }),
  });
  const { tally, ended, message } = outcome;
  const mode = plan.raw === true ? 'raw' : plan.fresh === true ? 'fresh' : 'messages';
  return {
    results: [judgeReplay(outcome)],
    sections: {
      replay: replaySection(plan.name, mode, tally, notes.list),
      trajectory: trajectorySection(tally),
    },
    ended:
      ended === 'complete'
        ? undefined
        : { how: ended, message: message ?? '', failure: tally.last?.failure ?? undefined },
    tally,
  };
}

/** An embedded host that plays the recorded one: it has a key that grants and refuses what the recording shows. */
export function labLikeRecorded(plan: ReplayPlan): LabHostOptions {
  const ndr64 = plan.raw === true ? { ndr64: plan.recording.acceptedNdr64 } : {};
  return { keyGroup: keyGroupOf(plan), ...ndr64 };
}

/** The first request that the recorded host counted: what the target counts too, if it grants the same. */
export const exampleOfReplay = ({ recording }: ReplayPlan): KmsRequestInput | null => recording.example;

const keyGroupOf = ({ keyGroup, recording }: ReplayPlan): KeyGroupSetting =>
  keyGroup ?? recording.keyGroup ?? 'any';

function notesOf(plan: ReplayPlan, embedded: boolean): string[] {
  const keyGroup = keyGroupOf(plan);
  if (plan.keyGroup !== undefined || !embedded || keyGroup === 'any') return [];
  return [
    `the recorded host refused products; the embedded host has a key of group ${keyGroup}, which explains that (--key-group: ${KEY_GROUPS.join(', ')}, any)`,
  ];
}
