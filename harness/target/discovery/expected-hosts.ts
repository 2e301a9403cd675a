import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { UsageError } from '../../support/usage-error';
import { canonical } from './dns/read-answer';
import { isQueryable } from './domain-name';
import type { DnsLookup } from './lookup';
import type { PublishedDomain, PublishedHost } from './published-hosts';
import { type ResolvedName, resolveName } from './resolve-name';

/** A host that should be published, as people write it. */
export interface ExpectedHost {
  /** As it was given. */
  readonly text: string;
  /** Name or address, in lower case, without the dot at its end. */
  readonly name: string;
  /** Null where any port is right. */
  readonly port: number | null;
  /** The domain that should publish it; null for every one. */
  readonly domain: string | null;
}

/** Null where nobody said what is right. */
export type ExpectedHosts = readonly ExpectedHost[] | null;

/**
 * Reads `kms01`, `kms01.corp.example:1688`, `CORP\KMS01`, `10.0.0.1:1688`, `[::1]:1688`, `::1`, and names in other scripts.
 * @throws UsageError for a URL, a port that is none, and what is no name of a host
 */
export function parseExpected(text: string, domain: string | null = null): ExpectedHost {
  const wrong = (problem: string): UsageError =>
    new UsageError(
      `expected host ${JSON.stringify(text)}: ${problem}; give a name or an address, such as kms01.corp.example or kms01.corp.example:1688`,
    );
  if (text.includes('://')) throw wrong('that is a URL');
  const { name, port, ...read } = readExpected(text, domain);
  const plain = /^[\x21-\x7e]*$/.test(name) ? name : domainToASCII(name);
  if (isIP(plain) === 0 && !(isQueryable(plain) && HOST_NAME.test(plain))) {
    throw wrong('that is no name of a host');
  }
  if (port !== null && (port < 1 || port > 65_535)) throw wrong('a port is a number from 1 to 65535');
  return { ...read, name: plain, port };
}

const HOST_NAME = /^[a-z0-9_.-]+$/;

/** The same of what DNS or the reader of targets gave, whatever it holds. */
export function readExpected(text: string, domain: string | null = null): ExpectedHost {
  const given = text.trim().replace(/^.*\\/, '');
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,9}))?$/.exec(given);
  const name = match?.[1] ?? match?.[2] ?? given;
  return {
    text,
    name: canonical(name.replace(/%.*$/, '')),
    port: match?.[3] === undefined ? null : Number(match[3]),
    domain: domain === null ? null : canonical(domain),
  };
}

/** What a configuration or the command line lists. */
export function expectedOf(
  entries: readonly (string | { host: string; domain: string })[] | undefined,
): ExpectedHosts {
  if (entries === undefined) return null;
  return entries.map((entry) =>
    typeof entry === 'string' ? parseExpected(entry) : parseExpected(entry.host, entry.domain),
  );
}

/** Which published host is which expected one. */
export interface Matching {
  /** The expected host that a published one is; undefined for one that nobody expects. */
  of(host: PublishedHost): ExpectedHost | undefined;
  readonly missing: readonly ExpectedHost[];
  /** What else the names of expected hosts led to, by their text. */
  readonly resolved: ReadonlyMap<string, ResolvedName>;
  /** Hosts that were told by something else than their name. */
  readonly notes: readonly string[];
}

/**
 * Matches by name, alias and address. What a name does not tell is looked up: an expected host under another name is the same where
 * aliases or addresses say so. One that a name tells already is not taken for another one at the same address.
 */
export async function matchExpected(
  published: PublishedDomain,
  expected: readonly ExpectedHost[],
  lookup: DnsLookup | null,
): Promise<Matching> {
  const { domain, hosts } = published;
  const wanted = expected.filter((one) => one.domain === null || one.domain === canonical(domain));
  const found = new Map<PublishedHost, ExpectedHost>();
  for (const host of hosts) {
    const one = wanted.find((candidate) => isNamed(host, candidate, domain));
    if (one !== undefined) found.set(host, one);
  }
  const direct = wanted.filter((one) => hosts.some((host) => isNamed(host, one, domain)));
  const unmatched = wanted.filter((one) => !direct.includes(one));
  const resolved =
    lookup === null ? new Map<string, ResolvedName>() : await resolveAll(unmatched, domain, lookup);
  const notes: string[] = [];
  const missing = unmatched.filter((one) => {
    const names = resolved.get(one.text);
    const same = names && hosts.filter((host) => !found.has(host) && isSame(host, one, names));
    for (const host of same ?? []) {
      found.set(host, one);
      notes.push(`${host.target} is ${one.text}, which is expected: the same host under another name`);
    }
    return (same ?? []).length === 0;
  });
  return { of: (host) => found.get(host), missing, resolved, notes };
}

const fitsPort = (host: PublishedHost, { port }: ExpectedHost): boolean =>
  port === null || port === host.port;

/** By its name, an alias of it, or an address, as they stand. */
function isNamed(host: PublishedHost, expected: ExpectedHost, domain: string): boolean {
  if (!fitsPort(host, expected)) return false;
  const names = [host.target, ...host.aliases].map(canonical);
  if (host.addresses.some((address) => sameAddress(address, expected.name))) return true;
  return names.some(
    (name) =>
      name === expected.name ||
      isShortOf(expected.name, name, domain) ||
      isShortOf(name, expected.name, domain),
  );
}

/** The names of a machine that NetBIOS has: 15 characters, without a domain. */
const NETBIOS_LENGTH = 15;

/** True where `short` is a name without domain, and `full` the same within this domain, one above or one below it. */
function isShortOf(short: string, full: string, domain: string): boolean {
  if (short.includes('.') || isIP(full) !== 0) return false;
  const [label = '', ...rest] = full.split('.');
  const suffix = rest.join('.');
  const within = canonical(domain);
  if (suffix !== '' && suffix !== within && !suffix.endsWith(`.${within}`) && !within.endsWith(`.${suffix}`))
    return false;
  return label === short || (short.length === NETBIOS_LENGTH && label.startsWith(short));
}

/** Addresses compare as such, however IPv6 is written. */
export function sameAddress(a: string, b: string): boolean {
  if (a === b) return true;
  return (
    isIP(a) === 6 && isIP(b) === 6 && new URL(`http://[${a}]`).hostname === new URL(`http://[${b}]`).hostname
  );
}

/** True where a published host is the expected one by its own name, or by what that leads to. */
export const isTheSame = (
  host: PublishedHost,
  expected: ExpectedHost,
  names: Pick<ResolvedName, 'addresses' | 'aliases'>,
): boolean => isNamed(host, expected, expected.domain ?? '') || isSame(host, expected, names);

function isSame(
  host: PublishedHost,
  expected: ExpectedHost,
  names: Pick<ResolvedName, 'addresses' | 'aliases'>,
): boolean {
  if (!fitsPort(host, expected)) return false;
  const alias = names.aliases.map(canonical);
  return (
    [host.target, ...host.aliases].some((name) => alias.includes(canonical(name))) ||
    host.addresses.some((address) => names.addresses.some((one) => sameAddress(one, address)))
  );
}

/** Names without a dot are those of the domain, as a client of it takes them. */
export const fullName = (name: string, domain: string): string =>
  name.includes('.') || isIP(name) !== 0 ? name : `${name}.${canonical(domain)}`;

async function resolveAll(
  expected: readonly ExpectedHost[],
  domain: string,
  lookup: DnsLookup,
): Promise<Map<string, ResolvedName>> {
  const deadline = performance.now() + lookup.timeoutMs;
  const named = expected.filter(({ name }) => isIP(name) === 0);
  return new Map(
    await Promise.all(
      named.map(
        async ({ text, name }) =>
          [text, await resolveName(fullName(name, domain), lookup, deadline)] as const,
      ),
    ),
  );
}
