import { isAbsent } from './dns-error';
import { type DnsLookup, type SrvRecord, withoutDot } from './lookup';

/** Where KMS hosts are published (understanding-kms 2.5, volume-activation-article). */
export const SERVICE = '_vlmcs._tcp';

export const serviceName = (domain: string): string => `${SERVICE}.${withoutDot(domain)}`;

/** One SRV record with what its target resolves to. */
export interface PublishedHost extends SrvRecord {
  readonly addresses: readonly string[];
  /** The name that the target is an alias for; RFC 2782 forbids that, and clients follow it all the same. */
  readonly alias: string | null;
}

export interface PublishedDomain {
  readonly domain: string;
  readonly server: string;
  /** By priority, then by weight, the greatest first, then by name. */
  readonly hosts: readonly PublishedHost[];
  readonly warnings: readonly string[];
}

/**
 * Looks up a domain's KMS hosts. A domain without records gives none and a warning that says so.
 * @throws DnsError where DNS does not answer, so that nothing is known
 */
export async function lookUpDomain(domain: string, lookup: DnsLookup): Promise<PublishedDomain> {
  const name = serviceName(domain);
  const { records, warnings } = await srvRecords(name, lookup);
  const hosts = await Promise.all(records.map((record) => resolveTarget(record, lookup)));
  const aliases = hosts
    .filter(({ alias }) => alias !== null)
    .map(
      ({ target, alias }) =>
        `${target} is an alias of ${alias}: RFC 2782 wants a name with addresses of its own`,
    );
  return {
    domain: withoutDot(domain),
    server: lookup.server,
    hosts: hosts.sort(byRank),
    warnings: [...warnings, ...aliases],
  };
}

async function srvRecords(
  name: string,
  lookup: DnsLookup,
): Promise<{ records: readonly SrvRecord[]; warnings: string[] }> {
  try {
    const records = await lookup.srv(name);
    const named = records.filter(({ target }) => target !== '');
    const warnings =
      named.length < records.length ? [`${name} says that there is no such service (target ".")`] : [];
    return { records: named, warnings };
  } catch (error) {
    if (!isAbsent(error)) throw error;
    return { records: [], warnings: [`no SRV record ${name}: clients find no host by themselves`] };
  }
}

async function resolveTarget(record: SrvRecord, lookup: DnsLookup): Promise<PublishedHost> {
  const [addresses, alias] = await Promise.all([
    lookup.addresses(record.target),
    lookup.alias(record.target),
  ]);
  return { ...record, addresses, alias };
}

function byRank(a: PublishedHost, b: PublishedHost): number {
  return a.priority - b.priority || b.weight - a.weight || (a.target < b.target ? -1 : 1) || a.port - b.port;
}
