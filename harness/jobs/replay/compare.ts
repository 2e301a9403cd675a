import {
  type Answer,
  diff,
  displayValue,
  HRESULT,
  type KmsRequest,
  kmsResponse,
  type KmsResponse,
  sealedMessage,
} from '../../../protocol';
import type { FieldDifference, ReplayedExchange } from '../../../reports/results/model';
import { describeAnswer } from '../../../protocol/describe-answer';
import { type ReplayBounds, impossibleCount, unjudgedCount } from './replay-bounds';

/** What bears on whether a field may differ. */
export interface ComparisonSetting {
  /** The target's history is that of the recorded host, so that counts must be equal. */
  readonly sameHistory: boolean;
  /** Why counts may differ, where they may. */
  readonly historyReason: string;
  /** What the target may count after this request, whatever its history; null where nothing bounds it. */
  readonly bounds?: ReplayBounds | null;
  /** The embedded lab host answers. */
  readonly embedded: boolean;
  /** The message that was sent where it is not the recorded one. */
  readonly sent: KmsRequest | null;
  /** Intervals that the configuration gives the target; they may be others than the recorded host's. */
  readonly intervals: {
    readonly activationMinutes?: number | undefined;
    readonly renewalMinutes?: number | undefined;
  };
}

/** How an answer compares with the one that was to be expected, field by field. */
export type Comparison = Pick<ReplayedExchange, 'verdict' | 'equal' | 'mayDiffer' | 'mustNotDiffer' | 'note'>;

/** What to say of fields that may differ, whatever the target. */
const MAY_DIFFER: Readonly<Record<string, string>> = {
  ePidSize: "length of the host's own ePID",
  ePid: "the host's own ePID",
  mac: 'signed by another host, perhaps with another key',
};

/** Holds an answer against the recorded one, field by field, with a reason for each field that differs. */
export function compareAnswers(recorded: Answer, answered: Answer, setting: ComparisonSetting): Comparison {
  if (recorded.kind === 'response' && answered.kind === 'response') {
    return compareResponses(recorded.value, answered.value, setting);
  }
  if (recorded.kind === 'sealed') return compareSealed(recorded, answered, setting);
  if (recorded.kind === answered.kind) return compareCodes(recorded, answered);
  if (answered.kind === 'refusal' && answered.hresult === HRESULT.clockTooFarOff && setting.sent === null) {
    return notComparable('the target refuses the recorded client time; --fresh sends the time of now');
  }
  return otherKind(recorded, answered);
}

/** The answer that did not come. */
export function compareFailure(recorded: Answer, what: string): Comparison {
  return verdictOf({
    equal: [],
    mayDiffer: [],
    mustNotDiffer: [difference('answer', describeAnswer(recorded), what, 'the recorded host answered')],
  });
}

export function notComparable(note: string): Comparison {
  return { verdict: 'not-comparable', equal: [], mayDiffer: [], mustNotDiffer: [], note };
}

function compareResponses(
  recorded: KmsResponse,
  answered: KmsResponse,
  setting: ComparisonSetting,
): Comparison {
  const found = diff(kmsResponse, recorded, answered);
  const mayDiffer: FieldDifference[] = [];
  const mustNotDiffer: FieldDifference[] = [];
  for (const { path, field, expected, actual } of found) {
    const allowed = reasonFor(path, answered, setting);
    const [reason, list] =
      allowed === null ? [forbidden(path, setting), mustNotDiffer] : [allowed, mayDiffer];
    list.push(difference(path, displayValue(field, expected), displayValue(field, actual), reason));
  }
  const different = new Set(found.map(({ path }) => path));
  const { currentClientCount: now } = answered;
  const { bounds = null } = setting;
  const impossible = setting.sameHistory || bounds === null ? null : impossibleCount(now, bounds);
  if (impossible !== null) {
    const path = 'currentClientCount';
    different.add(path);
    mustNotDiffer.push(difference(path, String(recorded.currentClientCount), String(now), impossible));
    remove(mayDiffer, path);
  }
  const equal = Object.keys(kmsResponse.fields).filter((path) => !different.has(path));
  const unjudged = setting.sameHistory || bounds === null ? null : unjudgedCount(now, bounds);
  if (unjudged !== null && mustNotDiffer.length === 0) return notComparable(unjudged);
  return verdictOf({ equal, mayDiffer, mustNotDiffer });
}

function remove(list: FieldDifference[], path: string): void {
  const at = list.findIndex((one) => one.path === path);
  if (at >= 0) list.splice(at, 1);
}

/** Why a field may differ, or null where it must not. */
function reasonFor(path: string, answered: KmsResponse, setting: ComparisonSetting): string | null {
  const { sent, intervals } = setting;
  switch (path) {
    case 'currentClientCount':
      return setting.sameHistory ? null : setting.historyReason;
    case 'clientMachineId':
    case 'requestTime':
      return sent !== null && answered[path] === sent[path]
        ? 'new in this replay, returned as it was sent'
        : null;
    case 'activationIntervalMinutes':
      return answered[path] === intervals.activationMinutes
        ? 'as the configuration gives for this target'
        : null;
    case 'renewalIntervalMinutes':
      return answered[path] === intervals.renewalMinutes
        ? 'as the configuration gives for this target'
        : null;
    default:
      return MAY_DIFFER[path] ?? null;
  }
}

function forbidden(path: string, { sent, sameHistory }: ComparisonSetting): string {
  if (path === 'currentClientCount' && sameHistory) return 'both hosts began with nothing counted';
  if (path === 'clientMachineId' || path === 'requestTime') {
    return sent === null ? 'a host returns what it was sent' : 'the target did not return what it was sent';
  }
  return 'the same for every host';
}

/** Versions 5 and 6: the clear part is all that can be compared. */
function compareSealed(
  recorded: Answer & { kind: 'sealed' },
  answered: Answer,
  { embedded }: ComparisonSetting,
): Comparison {
  if (answered.kind === 'refusal') {
    const why = embedded
      ? 'the embedded lab host has no key for versions 5.0 and 6.0 and refuses them, unlike the recorded host; name a --target that speaks them'
      : 'the target refuses this version, or the recorded client time';
    return notComparable(`${why} (${describeAnswer(answered)})`);
  }
  if (answered.kind !== 'sealed') return otherKind(recorded, answered);
  const found = diff(sealedMessage, recorded.value, answered.value);
  const sealedPaths = new Set(['initializationVector', 'sealed']);
  const toDifference = ({ path, expected, actual }: (typeof found)[number]): FieldDifference => {
    const reason = sealedPaths.has(path)
      ? 'sealed anew for every answer'
      : 'a host answers in the version it was asked';
    return difference(path, shown(expected), shown(actual), reason);
  };
  return verdictOf({
    equal: Object.keys(sealedMessage.fields).filter((path) => !found.some((one) => one.path === path)),
    mayDiffer: found.filter(({ path }) => sealedPaths.has(path)).map(toDifference),
    mustNotDiffer: found.filter(({ path }) => !sealedPaths.has(path)).map(toDifference),
  });
}

/** Two refusals, two faults, or two answers that do not decode. */
function compareCodes(recorded: Answer, answered: Answer): Comparison {
  const [before, now] = [describeAnswer(recorded), describeAnswer(answered)];
  const path = { refusal: 'hresult', fault: 'status' }[recorded.kind as 'refusal' | 'fault'] ?? 'answer';
  return before === now
    ? verdictOf({ equal: [path], mayDiffer: [], mustNotDiffer: [] })
    : otherKind(recorded, answered, path);
}

function otherKind(recorded: Answer, answered: Answer, path = 'answer'): Comparison {
  const hint =
    answered.kind === 'response' &&
    recorded.kind === 'refusal' &&
    recorded.hresult === HRESULT.productNotOffered
      ? "the recorded host's key did not offer this product; --key-group gives the embedded host one that does not"
      : 'the same question has the same kind of answer';
  return verdictOf({
    equal: [],
    mayDiffer: [],
    mustNotDiffer: [difference(path, describeAnswer(recorded), describeAnswer(answered), hint)],
  });
}

function verdictOf(compared: Pick<Comparison, 'equal' | 'mayDiffer' | 'mustNotDiffer'>): Comparison {
  return { verdict: compared.mustNotDiffer.length === 0 ? 'agrees' : 'differs', ...compared };
}

function difference(path: string, recorded: string, answered: string, reason: string): FieldDifference {
  return { path, recorded, answered, reason };
}

const shown = (value: unknown): string =>
  value instanceof Uint8Array ? `${value.length} bytes` : String(value);
