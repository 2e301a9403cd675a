import { CLIENT_THRESHOLD, type Exchange, formatStatus, hex, SERVER_THRESHOLD } from '../../../protocol';
import type {
  Evidence,
  Replay,
  ReplayedExchange,
  Trajectory,
  TrajectoryPoint,
} from '../../../reports/results/model';
import { describeAnswer } from '../../../protocol/describe-answer';
import type { ReplayRow } from './replay-exchanges';

/** Exchanges that are kept with their bytes; more would make a report that nobody can open. */
const MAX_WITH_EVIDENCE = 100;
/** Points of the trajectory; beyond that every n-th, and every one that differs. */
const MAX_POINTS = 5_000;

/** The `replay` section of the report. */
export function replaySection(
  capture: string,
  mode: string,
  rows: readonly ReplayRow[],
  warnings: readonly string[],
): Replay {
  let evidence = 0;
  const exchanges = rows.map(({ recorded, answered, failure, comparison, sent }): ReplayedExchange => {
    const { note, ...compared } = comparison;
    const keep = comparison.verdict === 'differs' && evidence++ < MAX_WITH_EVIDENCE;
    return {
      index: recorded.index,
      connection: recorded.connection,
      sent,
      ...compared,
      ...(note === undefined ? {} : { note }),
      ...(keep ? { evidence: rowEvidence({ recorded, answered, failure }) } : {}),
    };
  });
  return { capture, mode, exchanges, ...(warnings.length === 0 ? {} : { warnings: [...warnings] }) };
}

/** What was sent, what the recorded host answered, and what this one did. */
export function rowEvidence({
  recorded,
  answered,
  failure,
}: Pick<ReplayRow, 'recorded' | 'answered' | 'failure'>): Evidence[] {
  const seen: Pick<Exchange, 'pdus'> | null = answered ?? failure;
  const part =
    (direction: Evidence['direction'], pdu: string, note?: string) =>
    (bytes: Uint8Array): Evidence => ({
      direction,
      pdu,
      hex: hex(bytes),
      ...(note === undefined ? {} : { note }),
    });
  return [
    ...(seen?.pdus.sent ?? recorded.pdus.sent).map(part('sent', 'request')),
    ...recorded.pdus.received.map(part('received', 'response', 'as recorded')),
    ...(seen?.pdus.received ?? []).map(part('received', 'response', 'as answered in this replay')),
  ];
}

/** The `trajectory` section: recorded, answered and expected count after each request. */
export function trajectorySection(rows: readonly ReplayRow[]): Trajectory {
  const step = Math.ceil(rows.length / MAX_POINTS);
  const points = rows
    .filter((row, i) => i % step === 0 || row.comparison.verdict === 'differs')
    .map(trajectoryPoint);
  const first = rows.find((row) => answeredCount(row) !== null && parts(row));
  return {
    requests: rows.length,
    thresholds: [SERVER_THRESHOLD, CLIENT_THRESHOLD],
    capacity: rows.reduce<number | null>((most, { expected }) => {
      return expected?.kind === 'count' ? Math.max(most ?? 0, expected.capacity) : most;
    }, null),
    points,
    ...(first === undefined
      ? {}
      : { firstDifference: { index: first.recorded.index, message: partMessage(first) } }),
  };
}

function trajectoryPoint(row: ReplayRow): TrajectoryPoint {
  const { recorded, expected, sent } = row;
  const note = noteOf(row);
  return {
    index: recorded.index,
    sent,
    recorded: countOf(recorded),
    answered: answeredCount(row),
    expected: expected?.kind === 'count' ? expected.count : null,
    capacity: expected?.kind === 'count' ? expected.capacity : null,
    ...(note === undefined ? {} : { note }),
  };
}

export function countOf(exchange: Exchange | null): number | null {
  const answer = exchange?.answer;
  return answer?.kind === 'response' ? answer.value.currentClientCount : null;
}

const answeredCount = ({ answered }: ReplayRow): number | null => countOf(answered);

function noteOf({ answered, failure }: ReplayRow): string | undefined {
  if (failure !== null) return failure.message;
  const answer = answered?.answer;
  return answer === undefined || answer === null || answer.kind === 'response'
    ? undefined
    : describeAnswer(answer);
}

const parts = (row: ReplayRow): boolean =>
  row.expected?.kind === 'count' && row.expected.count !== answeredCount(row);

function partMessage(row: ReplayRow): string {
  const expected = row.expected?.kind === 'count' ? row.expected.count : null;
  return `${row.sent} received ${answeredCount(row)}; a host that had counted nothing before answers ${expected}`;
}

/** An expected answer in a few words: `≥ n` where the target's history is not known, `-` where nothing bounds it. */
export function describeExpected({ expected, bounds }: ReplayRow): string {
  if (expected?.kind === 'refusal') return formatStatus(expected.hresult);
  if (bounds === null) return '-';
  return bounds.most === bounds.least ? String(bounds.least) : `≥ ${bounds.least}`;
}
