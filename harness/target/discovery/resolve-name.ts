import { isIPv4 } from 'node:net';
import { describeFailure, type Failed, type Outcome, recordsOf } from './dns/outcome';
import type { DnsLookup } from './lookup';

/** What the lookups of one host name came to, each by itself. */
export interface ResolvedName {
  /** IPv4 addresses, then IPv6 ones; each once. */
  readonly addresses: readonly string[];
  /** The name that it is an alias for; null where it is none. */
  readonly alias: string | null;
  /** All names that it stands for, one after the other. */
  readonly aliases: readonly string[];
  /** Lookups that failed. */
  readonly failures: readonly Failed[];
}

/** Asks for A, AAAA and CNAME; one that fails does not take what the others found. */
export async function resolveName(name: string, lookup: DnsLookup, deadline: number): Promise<ResolvedName> {
  const [four, six, cname] = await Promise.all([
    lookup.a(name, deadline),
    lookup.aaaa(name, deadline),
    lookup.cname(name, deadline),
  ]);
  const outcomes: readonly Outcome<string>[] = [four, six, cname];
  const aliases = [four.aliases, six.aliases, [...cname.aliases, ...recordsOf(cname)]].reduce(
    (longest, chain) => (chain.length > longest.length ? chain : longest),
  );
  return {
    addresses: [...new Set([...recordsOf(four), ...recordsOf(six)])],
    alias: aliases[0] ?? null,
    aliases,
    failures: outcomes.filter((outcome) => outcome.kind === 'failed'),
  };
}

/** What is known of a name: it has addresses; it has none; nobody knows. */
export type Resolution = 'resolved' | 'dangling' | 'cannot-resolve';

/** A lookup of its aliases says nothing of its addresses: one that fails alone leaves a name without any. */
export function resolutionOf({
  addresses,
  failures,
}: Pick<ResolvedName, 'addresses' | 'failures'>): Resolution {
  if (addresses.length > 0) return 'resolved';
  return failures.some(isOfAddresses) ? 'cannot-resolve' : 'dangling';
}

const isOfAddresses = ({ type }: Failed): boolean => type !== 'CNAME';

/** Why a name without addresses has none that are known. */
export const whyUnresolved = ({ failures }: Pick<ResolvedName, 'failures'>): string =>
  failures.filter(isOfAddresses).map(describeFailure).join('; ');

/** True where IPv4 clients, which all are, cannot find it though IPv6 ones do. */
export const lacksIpv4 = ({ addresses, failures }: Pick<ResolvedName, 'addresses' | 'failures'>): boolean =>
  addresses.length > 0 && !addresses.some(isIPv4) && failures.some(({ type }) => type === 'A');
