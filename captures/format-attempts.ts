import type { Json } from '../protocol';
import type { Attempt } from './attempts/attempt';
import type { Lookup } from './attempts/lookups';
import { type AttemptOutcome, OUTCOMES } from './attempts/outcomes';
import { formatTime, printable } from './exchange-summary';
import type { Traffic } from './traffic';

/** One attempt for JSON; a lookup that led to no connection has no stream. */
export function attemptToJson(attempt: Attempt): { [name: string]: Json } {
  const { index, connection, client, host, outcome, stage, detail, endedBy, reason, lookup } = attempt;
  return {
    index,
    stream: connection,
    at: formatTime(attempt.at),
    client,
    host,
    outcome,
    stage,
    detail,
    endedBy,
    reason: reason === null ? null : { code: reason.code, text: reason.text },
    meaning: OUTCOMES[outcome].meaning,
    lookup: lookup === null ? null : lookupToJson(lookup),
  };
}

function lookupToJson({ service, target, port, at }: Lookup): { [name: string]: Json } {
  return { service, target, port, at: formatTime(at) };
}

/** What was seen, in a line, and how the host was found. */
export function attemptText({ detail, lookup }: Attempt): string {
  const found = lookup === null ? '' : `; found as ${lookupText(lookup)}`;
  return printable(detail + found);
}

function lookupText({ service, target, port }: Lookup): string {
  const named = port === null ? target : `${target}:${port}`;
  return service === null ? named : `${named} by ${service}`;
}

/** How many attempts came to which end, the most frequent first, and what each end usually means. */
export class AttemptCounts {
  readonly #counts = new Map<AttemptOutcome, number>();
  total = 0;

  note({ outcome }: Attempt): void {
    this.total++;
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1);
  }

  /** One line of counts, and a line for each kind. */
  lines(exchanges: number): string[] {
    const counted = [...this.#counts].sort((a, b) => b[1] - a[1]);
    const kinds = counted.map(([outcome, count]) => `${count} ${OUTCOMES[outcome].summary}`);
    return [
      `${plural(exchanges, 'exchange')}; ${plural(this.total, 'attempt')} without an answer: ${kinds.join(', ')}`,
      ...counted.map(([outcome]) => `  ${OUTCOMES[outcome].summary}: ${OUTCOMES[outcome].meaning}`),
    ];
  }
}

const SHOWN_PORTS = 8;
const SHOWN_KINDS = 12;

/** What a capture without KMS holds instead, and what to try. */
export function nothingHere(packets: number, traffic: Traffic): string[] {
  const { connections, tcpPackets, badPackets, ports, unread } = traffic;
  const seen = [
    ...(tcpPackets > 0 ? [`${tcpPackets} TCP`] : []),
    ...unread.slice(0, SHOWN_KINDS).map(({ name, packets: count }) => `${count} ${name}`),
    ...(badPackets > 0 ? [`${badPackets} cut or damaged`] : []),
  ];
  const lines = [
    `No KMS here: ${plural(packets, 'packet')}${seen.length === 0 ? '' : ` (${seen.join(', ')})`}, ${plural(connections, 'TCP connection')}${portsText(ports)}.`,
  ];
  for (const hint of hints(traffic, packets)) lines.push(`  ${hint}`);
  return lines;
}

function portsText(ports: Traffic['ports']): string {
  if (ports.length === 0) return '';
  const shown = ports.slice(0, SHOWN_PORTS).map(({ port, connections }) => `${port} (${connections})`);
  const more = ports.length > SHOWN_PORTS ? `, and ${ports.length - SHOWN_PORTS} more` : '';
  return ` to ports ${shown.join(', ')}${more}`;
}

function hints({ unread, connections }: Traffic, packets: number): string[] {
  if (packets === 0) return ['The capture has no packets: record while a client activates (slmgr /ato).'];
  const hiding = unread.filter(({ harmless }) => !harmless);
  const hidden = hiding.map(({ name }) => name).join(', ');
  return [
    ...(hiding.length > 0
      ? [`It may be inside of ${hidden}: record where that is taken off, or decrypted.`]
      : []),
    ...(connections > 0 ? ['If the host listens on another port, name it: --port PORT.'] : []),
    'Else record on the client or the host while it activates (slmgr /ato): tcpdump -s 0 -w kms.pcap "tcp port 1688 or udp port 53".',
  ];
}

/** What the JSON has beside exchanges and attempts. */
export function trafficToJson({ connections, tcpPackets, badPackets, ports, unread }: Traffic): {
  [name: string]: Json;
} {
  return {
    connections,
    tcpPackets,
    badPackets,
    ports: ports.slice(0, 64).map(({ port, connections: count }) => ({ port, connections: count })),
    notRead: unread.map(({ name, packets, harmless }) => ({ name, packets, harmless })),
  };
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
