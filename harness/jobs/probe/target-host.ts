import { isIP } from 'node:net';
import { formatEndpoint } from '../../client/endpoint';
import {
  type DnsLookup,
  type ExpectedHost,
  type FoundHost,
  fullName,
  NoHostFound,
  readExpected,
  type ResolvedName,
  resolveName,
  whyUnresolved,
} from '../../target/discovery';
import { guardTarget, KMS_PORT, type Lookup, parseTarget, systemLookup } from '../../target';

/** A host that was named to be probed. */
export interface TargetHost {
  /** `name:port` or `.DOMAIN` as it was given: it stays the same whatever it resolves to. */
  readonly label: string;
  /** The published host that `.DOMAIN` led to. */
  readonly via: string | null;
  /** The domain of `.DOMAIN`. */
  readonly domain: string | null;
  readonly host: string;
  readonly port: number;
  /** Addresses that may be asked, in turn until one takes the connection. */
  readonly addresses: readonly string[];
  readonly aliases: readonly string[];
  /** Why there are none: it is known that there are none, or that cannot be known. */
  readonly problem: { readonly kind: 'unreachable' | 'cannot-resolve'; readonly message: string } | null;
}

/** How the name of a host becomes an address that may be asked. */
export interface TargetHostOptions {
  readonly allowRemote: boolean;
  /** Set where a DNS server was named: it is asked first. */
  readonly lookup: DnsLookup | null;
  /** Names without a dot are those of this domain. */
  readonly domain: string | null;
  readonly systemLookup?: Lookup;
  /** The host that a client of a domain would be served by. @throws NoHostFound, UsageError */
  readonly find: (domain: string) => Promise<FoundHost>;
}

/** Nothing is known of it yet. */
const PLAIN = { via: null, domain: null, addresses: [], aliases: [], problem: null } as const;

/**
 * Finds the addresses of a host that was named.
 * @throws UsageError for what is no host, or remote without permission
 */
export async function targetHost(text: string, options: TargetHostOptions): Promise<TargetHost> {
  const parsed = parseTarget(text);
  if (parsed.kind === 'domain') return hostOfDomain(parsed.domain, options);
  const { host, port } = parsed;
  const common = { ...PLAIN, label: formatEndpoint({ host, port }), host, port };
  const found = await addressesOf(host, options);
  if ('problem' in found) return { ...common, problem: found.problem };
  await guardTarget({ host, port }, options.allowRemote || found.addresses.length === 0, () =>
    Promise.resolve(found.addresses),
  );
  return { ...common, addresses: found.addresses, aliases: found.aliases };
}

async function hostOfDomain(domain: string, { find }: TargetHostOptions): Promise<TargetHost> {
  const common = { ...PLAIN, label: `.${domain}`, domain };
  try {
    const { name, host, port } = await find(domain);
    return { ...common, via: formatEndpoint({ host: name, port }), host, port, addresses: [host] };
  } catch (error) {
    if (!(error instanceof NoHostFound)) throw error;
    const kind = error.isUnknown ? ('cannot-resolve' as const) : ('unreachable' as const);
    const message = `leads to no host: ${error.tried.join('; ')}`;
    return { ...common, host: domain, port: KMS_PORT, problem: { kind, message } };
  }
}

type Addresses =
  | Pick<ResolvedName, 'addresses' | 'aliases'>
  | { readonly problem: NonNullable<TargetHost['problem']> };

async function addressesOf(host: string, options: TargetHostOptions): Promise<Addresses> {
  if (isIP(host.replace(/%.*$/, '')) !== 0) return { addresses: [host], aliases: [] };
  const { lookup, domain } = options;
  let why = '';
  if (lookup !== null) {
    const name = domain === null ? host : fullName(host.replace(/\.$/, ''), domain);
    const resolved = await resolveName(name, lookup, performance.now() + lookup.timeoutMs);
    if (resolved.addresses.length > 0) return resolved;
    why = whyUnresolved(resolved);
  }
  return systemAddresses(host, why, options.systemLookup ?? systemLookup);
}

/** Codes of getaddrinfo that say that there is no such name, as against a server that gave no answer. */
const ABSENT: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'EAI_NONAME', 'EAI_NODATA']);

async function systemAddresses(host: string, why: string, lookup: Lookup): Promise<Addresses> {
  try {
    const addresses = await lookup(host);
    if (addresses.length > 0) return { addresses: [...new Set(addresses)], aliases: [] };
    return { problem: { kind: 'unreachable', message: 'has no address' } };
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    if (ABSENT.has(code) && why === '')
      return { problem: { kind: 'unreachable', message: 'has no address' } };
    return {
      problem: { kind: 'cannot-resolve', message: `cannot be looked up: ${why === '' ? code : why}` },
    };
  }
}

/** What its domain should publish. */
export const expectedOfTarget = ({ label, via }: TargetHost): ExpectedHost => readExpected(via ?? label);
