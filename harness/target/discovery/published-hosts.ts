import { type Endpoint, formatEndpoint } from '../../client/endpoint';
import { mapAtOnce } from '../../support/at-once';
import { describeFailure, type Failed, type None, type Outcome, recordsOf } from './dns/outcome';
import { canonical, withoutDot } from './dns/read-answer';
import { SERVICE } from './domain-name';
import type { DnsLookup, SrvRecord } from './lookup';
import { type ResolvedName, resolveName } from './resolve-name';

export const serviceName = (domain: string): string => `${SERVICE}.${withoutDot(domain)}`;

/** One SRV record with what became of looking its target up. */
export interface PublishedHost extends SrvRecord, ResolvedName {}

/** What the SRV lookup of a domain came to. */
export type SrvAnswer =
  | { readonly kind: 'found' }
  | { readonly kind: 'none'; readonly why: None['why'] }
  /** The target "." alone: the service is decidedly not available (RFC 2782). */
  | { readonly kind: 'not-available' }
  /** Nothing is known, or what fitted into a cut answer. */
  | { readonly kind: 'failed'; readonly failure: Failed };

/** What a domain publishes of its KMS hosts in DNS. */
export interface PublishedDomain {
  readonly domain: string;
  readonly server: string;
  readonly srv: SrvAnswer;
  /** By priority, then by weight, the greatest first, then by name. */
  readonly hosts: readonly PublishedHost[];
  /** What is odd without being wrong with one host: aliases that were followed, records that came twice, lookups that failed beside others. */
  readonly warnings: readonly string[];
}

/** Names that are looked up at once, each by three questions: a process has a thousand sockets or so. */
const AT_ONCE = 64;

/** Looks up a domain's KMS hosts. Whatever fails is told in its place, and the rest is there. */
export async function lookUpDomain(domain: string, lookup: DnsLookup): Promise<PublishedDomain> {
  const deadline = performance.now() + lookup.timeoutMs;
  const name = serviceName(domain);
  const outcome = await lookup.srv(name, deadline);
  const { records, notes } = distinct(recordsOf(outcome));
  const named = records.filter(({ target }) => target !== '');
  const hosts = await mapAtOnce(named, AT_ONCE, async (record) => ({
    ...record,
    ...(await resolveName(record.target, lookup, deadline)),
  }));
  return {
    domain: withoutDot(domain),
    server: lookup.server,
    srv: srvAnswerOf(outcome, named.length),
    hosts: hosts.sort(byRank),
    warnings: [
      ...about(name, outcome),
      ...(named.length < records.length ? [unavailable(name, named.length > 0)] : []),
      ...notes,
      ...hosts.flatMap(hostNotes),
    ],
  };
}

function srvAnswerOf(outcome: Outcome<SrvRecord>, named: number): SrvAnswer {
  if (outcome.kind === 'failed') return { kind: 'failed', failure: outcome };
  if (outcome.kind === 'none') return { kind: 'none', why: outcome.why };
  return named === 0 ? { kind: 'not-available' } : { kind: 'found' };
}

function about(name: string, outcome: Outcome<SrvRecord>): string[] {
  const followed =
    outcome.aliases.length > 0 ? [`${name} is an alias of ${outcome.aliases.join(', an alias of ')}`] : [];
  switch (outcome.kind) {
    case 'found':
      return outcome.foreign === 0
        ? followed
        : [
            ...followed,
            `${outcome.foreign} SRV records of other names stand in the answer, and are not taken`,
          ];
    case 'none':
      return [...followed, `no SRV record ${name}: clients find no host by themselves`];
    case 'failed':
      return [
        ...followed,
        describeFailure(outcome),
        ...(outcome.partial.length > 0 ? [`what follows is what the cut answer held`] : []),
      ];
  }
}

const unavailable = (name: string, besideOthers: boolean): string =>
  `${name} says that there is no such service (target ".")${besideOthers ? ', beside records of hosts' : ''}`;

/** Each host and port once: the record that clients prefer. */
function distinct(records: readonly SrvRecord[]): { records: SrvRecord[]; notes: string[] } {
  const kept = new Map<string, SrvRecord[]>();
  for (const record of [...records].sort(byRank)) {
    const key = endpointName(record);
    kept.set(key, [...(kept.get(key) ?? []), record]);
  }
  const groups = [...kept.values()];
  const notes = groups
    .filter((group) => group.length > 1 && group[0]!.target !== '')
    .map((group) => {
      const ranks = new Set(group.map(({ priority, weight }) => `priority ${priority} weight ${weight}`));
      return `${endpointName(group[0]!)} is published ${group.length} times (${[...ranks].join(', ')}), and is listed once`;
    });
  return { records: groups.map(([first]) => first!), notes };
}

function hostNotes({ target, alias, failures, addresses }: PublishedHost): string[] {
  const told =
    alias === null
      ? []
      : [`${target} is an alias of ${alias}: RFC 2782 wants a name with addresses of its own`];
  // Of a host that has no address at all, its verdict tells the failures.
  return [
    ...told,
    ...failures.filter(({ type }) => addresses.length > 0 || type === 'CNAME').map(describeFailure),
  ];
}

/** Name and port, as reports and labels have them. */
export const endpointName = ({ target, port }: { target: string; port: number }): string =>
  formatEndpoint({ host: canonical(target), port });

/** Where a host can be asked. */
export const endpointsOf = ({ addresses, port }: PublishedHost): Endpoint[] =>
  addresses.map((host) => ({ host, port }));

function byRank(a: SrvRecord, b: SrvRecord): number {
  return a.priority - b.priority || b.weight - a.weight || (a.target < b.target ? -1 : 1) || a.port - b.port;
}
