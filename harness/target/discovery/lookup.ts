import type { Answer } from 'dns-packet';
import { getServers } from 'node:dns';
import { isIP } from 'node:net';
import { type Endpoint, formatEndpoint } from '../../client/endpoint';
import { UsageError } from '../../support/usage-error';
import type { Outcome } from './dns/outcome';
import { withoutDot } from './dns/read-answer';
import { Resolver } from './dns/resolver';

/** One SRV record (RFC 2782). `target` is without a dot at its end; empty where the record says "no such service". */
export interface SrvRecord {
  readonly target: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/** What discovery asks of DNS; each answer is an outcome. Tests hand in their own. Deadlines are in ms of `performance.now()`. */
export interface DnsLookup {
  /** Which server answers, for reports. */
  readonly server: string;
  /** How long the lookups for one domain may take together, in ms. */
  readonly timeoutMs: number;
  srv(name: string, deadline: number): Promise<Outcome<SrvRecord>>;
  /** IPv4 addresses. */
  a(name: string, deadline: number): Promise<Outcome<string>>;
  /** IPv6 addresses. */
  aaaa(name: string, deadline: number): Promise<Outcome<string>>;
  /** The name that `name` is an alias for. */
  cname(name: string, deadline: number): Promise<Outcome<string>>;
}

/** Which DNS server is asked, and for how long (ms). */
export interface LookupOptions {
  /** `address[:port]` of the server to ask, IPv6 in brackets where there is a port; the system's servers without it. */
  readonly server?: string | undefined;
  /** For all lookups of one domain together. */
  readonly timeoutMs?: number | undefined;
  /** Gives up what is waited for: a failure like any other. */
  readonly signal?: AbortSignal | undefined;
}

/** Nobody waits longer for DNS, whatever the time to live of a request is. */
export const LOOKUP_TIMEOUT_MS = 5000;

/** A shorter time that was asked for bounds lookups too. */
export const lookupTimeout = ({ timeoutMs }: { readonly timeoutMs: number }): number =>
  Math.min(timeoutMs, LOOKUP_TIMEOUT_MS);

/**
 * Asks DNS past the hosts file, as a KMS client does for SRV records.
 * @throws UsageError where `server` is no address
 */
export function dnsLookup({ server, timeoutMs = LOOKUP_TIMEOUT_MS, signal }: LookupOptions = {}): DnsLookup {
  const servers = (server === undefined ? getServers() : [server]).map(parseDnsServer);
  const label = server === undefined ? "the system's DNS servers" : formatEndpoint(servers[0]!);
  const resolver = new Resolver(servers, label, signal);
  const address = (record: Answer): string =>
    record.type === 'A' || record.type === 'AAAA' ? record.data : '';
  return {
    server: label,
    timeoutMs,
    srv: async (name, deadline) => mapRecords(await resolver.lookup(name, 'SRV', deadline), srvRecord),
    a: async (name, deadline) => mapRecords(await resolver.lookup(name, 'A', deadline), address),
    aaaa: async (name, deadline) => mapRecords(await resolver.lookup(name, 'AAAA', deadline), address),
    cname: async (name, deadline) =>
      mapRecords(await resolver.lookup(name, 'CNAME', deadline), (record) =>
        record.type === 'CNAME' ? withoutDot(record.data) : '',
      ),
  };
}

function srvRecord(record: Answer): SrvRecord {
  const { target = '', port = 0, priority = 0, weight = 0 } = record.type === 'SRV' ? record.data : {};
  return { target: withoutDot(target), port, priority, weight };
}

function mapRecords<T, U>(outcome: Outcome<T>, map: (record: T) => U): Outcome<U> {
  switch (outcome.kind) {
    case 'found':
      return { ...outcome, records: outcome.records.map(map) };
    case 'failed':
      return { ...outcome, partial: outcome.partial.map(map) };
    case 'none':
      return outcome;
  }
}

const DNS_PORT = 53;

/**
 * Reads `--dns`: `127.0.0.1`, `127.0.0.1:5353`, `::1`, `[::1]:5353`.
 * @throws UsageError
 */
export function parseDnsServer(text: string): Endpoint {
  const match = /^(?:\[([^\]]+)\]|([^:]+)|([^[]+:[^[]*))(?::(\d{1,5}))?$/.exec(text.trim());
  const host = match?.[1] ?? match?.[2] ?? match?.[3] ?? '';
  const port = match?.[4] === undefined ? DNS_PORT : Number(match[4]);
  if (isIP(host) !== 0 && port > 0 && port < 65_536) return { host, port };
  throw new UsageError(
    `--dns ${text}: not the address of a DNS server; give ADDRESS or ADDRESS:PORT, IPv6 as [::1]:53`,
  );
}
