import { formatStatus } from '../../../protocol';
import type { Correlation, CorrelatedRequest } from './correlate';
import type { LoggedEvent } from './event-line';
import { formatMinute } from './log-time';
import { printable } from './printable';
import type { SeenRequest } from './requests';
import type { OffsetPart } from './utc-offsets';

/** Name and version of the JSON that {@link correlationToJson} gives. */
export const CORRELATION_SCHEMA = 'kmsspec.correlation/1';

/** How many of each verdict there are. */
export interface CorrelationCounts {
  readonly logged: number;
  readonly loggedDifferently: number;
  readonly missed: number;
  readonly undecided: number;
  readonly unmatched: number;
}

export function countVerdicts({ requests, unmatched }: Correlation): CorrelationCounts {
  const counts = { logged: 0, 'logged-differently': 0, missed: 0, undecided: 0 };
  for (const { verdict } of requests) counts[verdict]++;
  const { logged, 'logged-differently': loggedDifferently, missed, undecided } = counts;
  return { logged, loggedDifferently, missed, undecided, unmatched: unmatched.count };
}

/** Of events that nothing was seen of, so many are told in full. */
const UNMATCHED_LINES = 20;

/** As text: what is not as it should be, a block each, and the totals. */
export function formatCorrelation(correlation: Correlation, notComparable: number): string {
  const { requests, unmatched, offsets } = correlation;
  const counts = countVerdicts(correlation);
  const lines: string[] = [];
  for (const request of requests) {
    if (request.verdict !== 'logged') for (const line of describeRequest(request)) lines.push(line);
  }
  const told = unmatched.first.slice(0, UNMATCHED_LINES);
  for (const event of told) lines.push(`not seen here: ${printable(describeEvent(event))}`);
  if (unmatched.count > told.length) lines.push(`not seen here: ${unmatched.count - told.length} more`);
  const undecided = counts.undecided > 0 ? `, ${counts.undecided} undecided` : '';
  lines.push(
    `${requests.length} requests: ${counts.logged} logged, ${counts.loggedDifferently} logged differently, ` +
      `${counts.missed} missed${undecided}; ${counts.unmatched} events of other requests`,
  );
  if (notComparable > 0)
    lines.push(`${notComparable} requests are sealed or malformed and cannot be compared`);
  lines.push(...describeOffsets(offsets), ...describeCoverage(correlation));
  return `${lines.join('\n')}\n`;
}

function describeRequest({ seen, verdict, event, differences, reason }: CorrelatedRequest): string[] {
  const who = printable(`${seen.where}, ${seen.workstationName} (${seen.clientMachineId})`);
  if (verdict === 'missed') return [`missed: ${who}`];
  if (verdict === 'undecided') return [`undecided: ${who}: ${reason}`];
  return [
    `logged differently: ${who}, ${event?.where}`,
    ...differences.map(({ field, seen: one, logged }) =>
      printable(`  ${field}: seen ${one}, logged ${logged}`),
    ),
  ];
}

const describeEvent = ({ where, workstationName, clientMachineId, hresult }: LoggedEvent): string =>
  `${where}, ${workstationName} (${clientMachineId}), ${formatStatus(hresult)}`;

function describeOffsets(parts: readonly OffsetPart[]): string[] {
  const [first, ...changes] = parts;
  if (first === undefined || (first.offset === 0 && changes.length === 0)) return [];
  const told = changes.map(({ offset, from }) => `, from ${formatMinute(from)} UTC in ${offsetName(offset)}`);
  return [`the log writes client times in ${offsetName(first.offset)}${told.join('')}`];
}

/** Where the log has nothing of the time of any request, which time it has and which is wanted. */
function describeCoverage({ requests, coverage }: Correlation): string[] {
  const isApart = requests.length > 0 && requests.every(({ verdict }) => verdict === 'undecided');
  if (!isApart || coverage === null) return [];
  const times = requests.reduce(
    ({ first, last }, { seen: { minute } }) => ({
      first: Math.min(first, minute),
      last: Math.max(last, minute),
    }),
    { first: Infinity, last: -Infinity },
  );
  return [
    `the log holds requests from ${formatMinute(coverage.first)} to ${formatMinute(coverage.last)}, the capture from ` +
      `${formatMinute(times.first)} to ${formatMinute(times.last)}: export the log of that time`,
  ];
}

function offsetName(minutes: number): string {
  const size = Math.abs(minutes);
  const digits = (value: number): string => String(value).padStart(2, '0');
  return `UTC${minutes < 0 ? '-' : '+'}${digits(Math.floor(size / 60))}:${digits(size % 60)}`;
}

/** As JSON, `kmsspec.correlation/1`. `unmatched` has the first thousand, `summary` the number of all. */
export function correlationToJson(correlation: Correlation, notComparable: number): Record<string, unknown> {
  return {
    schema: CORRELATION_SCHEMA,
    summary: { ...countVerdicts(correlation), notComparable },
    utcOffsetMinutes: correlation.offsets[0]?.offset ?? 0,
    utcOffsets: correlation.offsets.map(({ offset, from }) => ({ minutes: offset, from: isoMinute(from) })),
    requests: correlation.requests.map(({ seen, verdict, event, differences, reason }) => ({
      where: seen.where,
      verdict,
      ...(reason === undefined ? {} : { reason }),
      machine: seen.workstationName,
      clientMachineId: seen.clientMachineId,
      hresult: hresultOf(seen),
      event: event?.where ?? null,
      differences,
    })),
    unmatched: correlation.unmatched.first,
  };
}

const hresultOf = ({ hresult }: SeenRequest): string | null =>
  hresult === null ? null : formatStatus(hresult);

const isoMinute = (minute: number): string => new Date(minute * 60_000).toISOString();
