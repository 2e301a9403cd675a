import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { type Endpoint, formatEndpoint } from '../client';
import { UsageError } from '../usage-error';
import { dnsErrorOf, isAbsent } from './dns-error';

/** One SRV record (RFC 2782). `target` is without a dot at its end; empty where the record says "no such service". */
export interface SrvRecord {
  readonly target: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/** What discovery asks of DNS. Tests hand in their own. */
export interface DnsLookup {
  /** Which server answers, for reports. */
  readonly server: string;
  /** @throws DnsError */
  srv(name: string): Promise<SrvRecord[]>;
  /** IPv4 addresses, then IPv6 ones; none where the name has none. @throws DnsError where that cannot be known */
  addresses(name: string): Promise<string[]>;
  /** The name that `name` is an alias for, or null. @throws DnsError where that cannot be known */
  alias(name: string): Promise<string | null>;
}

export interface LookupOptions {
  /** `address[:port]` of the server to ask, IPv6 in brackets where there is a port; the system's servers without it. */
  readonly server?: string | undefined;
  /** For each try; there are two. */
  readonly timeoutMs?: number;
}

const TRIES = 2;
const DEFAULT_TIMEOUT_MS = 3000;

/**
 * Asks DNS through node:dns, past the hosts file, as a KMS client does for SRV records.
 * @throws UsageError where `server` is no address
 */
export function dnsLookup({ server, timeoutMs = DEFAULT_TIMEOUT_MS }: LookupOptions = {}): DnsLookup {
  const resolver = new Resolver({ timeout: timeoutMs, tries: TRIES });
  if (server !== undefined) resolver.setServers([formatEndpoint(parseDnsServer(server))]);
  const asked = server ?? "the system's DNS servers";
  const ask = async <T>(name: string, what: string, question: () => Promise<T>): Promise<T> => {
    try {
      return await question();
    } catch (error) {
      throw dnsErrorOf(error, name, what, asked);
    }
  };
  const askOptional = <T>(name: string, what: string, question: () => Promise<T[]>): Promise<T[]> =>
    ask(name, what, question).catch((error: unknown) => {
      if (isAbsent(error)) return [];
      throw error;
    });
  return {
    server: asked,
    async srv(name) {
      const records = await ask(name, 'SRV', () => resolver.resolveSrv(name));
      return records.map(({ name: target, port, priority, weight }) => ({
        target: withoutDot(target),
        port,
        priority,
        weight,
      }));
    },
    async addresses(name) {
      const [four, six] = await Promise.all([
        askOptional(name, 'A', () => resolver.resolve4(name)),
        askOptional(name, 'AAAA', () => resolver.resolve6(name)),
      ]);
      return [...four, ...six];
    },
    async alias(name) {
      const [target] = await askOptional(name, 'CNAME', () => resolver.resolveCname(name));
      return target === undefined ? null : withoutDot(target);
    },
  };
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

export const withoutDot = (name: string): string => name.replace(/\.$/, '');
