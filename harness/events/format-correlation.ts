import { formatStatus } from '../../protocol';
import type { Correlation, CorrelatedRequest } from './correlate';
import type { LoggedEvent } from './event-line';
import { machineName } from './requests';

export const CORRELATION_SCHEMA = 'kmsspec.correlation/1';

/** How many of each verdict there are. */
export interface CorrelationCounts {
  readonly logged: number;
  readonly loggedDifferently: number;
  readonly missed: number;
  readonly unmatched: number;
}

export function countVerdicts({ requests, unmatched }: Correlation): CorrelationCounts {
  const count = (verdict: CorrelatedRequest['verdict']): number =>
    requests.filter((request) => request.verdict === verdict).length;
  return {
    logged: count('logged'),
    loggedDifferently: count('logged-differently'),
    missed: count('missed'),
    unmatched: unmatched.length,
  };
}

/** As text: what is not as it should be, a block each, and the totals. */
export function formatCorrelation(correlation: Correlation, notComparable: number): string {
  const { requests, unmatched, utcOffsetMinutes } = correlation;
  const counts = countVerdicts(correlation);
  const lines = requests.filter(({ verdict }) => verdict !== 'logged').flatMap(describeRequest);
  lines.push(...unmatched.map((event) => `not seen here: ${printable(describeEvent(event))}`));
  lines.push(
    `${requests.length} requests: ${counts.logged} logged, ${counts.loggedDifferently} logged differently, ` +
      `${counts.missed} missed; ${counts.unmatched} events of other requests`,
  );
  if (notComparable > 0)
    lines.push(`${notComparable} requests are sealed or malformed and cannot be compared`);
  if (utcOffsetMinutes !== 0) lines.push(`the log writes client times in ${offsetName(utcOffsetMinutes)}`);
  return `${lines.join('\n')}\n`;
}

function describeRequest({ seen, verdict, event, differences }: CorrelatedRequest): string[] {
  const who = printable(`${seen.where}, ${machineName(seen.request)} (${seen.request.clientMachineId})`);
  if (verdict === 'missed') return [`missed: ${who}`];
  return [
    `logged differently: ${who}, ${event?.where}`,
    ...differences.map(({ field, seen: one, logged }) =>
      printable(`  ${field}: seen ${one}, logged ${logged}`),
    ),
  ];
}

const describeEvent = ({ where, workstationName, clientMachineId, hresult }: LoggedEvent): string =>
  `${where}, ${workstationName} (${clientMachineId}), ${formatStatus(hresult)}`;

/** Names come from whoever asked the host: control characters would write to the terminal. */
const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\uFFFD');

function offsetName(minutes: number): string {
  const size = Math.abs(minutes);
  const digits = (value: number): string => String(value).padStart(2, '0');
  return `UTC${minutes < 0 ? '-' : '+'}${digits(Math.floor(size / 60))}:${digits(size % 60)}`;
}

/** As JSON, `kmsspec.correlation/1`. */
export function correlationToJson(correlation: Correlation, notComparable: number): unknown {
  return {
    schema: CORRELATION_SCHEMA,
    summary: { ...countVerdicts(correlation), notComparable },
    utcOffsetMinutes: correlation.utcOffsetMinutes,
    requests: correlation.requests.map(({ seen, verdict, event, differences }) => ({
      where: seen.where,
      verdict,
      machine: machineName(seen.request),
      clientMachineId: seen.request.clientMachineId,
      hresult: seen.hresult === null ? null : formatStatus(seen.hresult),
      event: event?.where ?? null,
      differences,
    })),
    unmatched: correlation.unmatched,
  };
}
