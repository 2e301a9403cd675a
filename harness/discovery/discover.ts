import type { Discovery } from '../../reports/model';
import { type ExpectedHosts, judgeDomain } from './judge';
import type { DnsLookup } from './lookup';
import { type AddressProbes, probeAll, type ProbeAllOptions } from './probes';
import { lookUpDomain, type PublishedDomain } from './published-hosts';

export interface DiscoverOptions extends Omit<ProbeAllOptions, 'published'> {
  readonly domains: readonly string[];
  readonly lookup: DnsLookup;
  readonly expected: ExpectedHosts;
}

export interface Discovered {
  readonly published: readonly PublishedDomain[];
  readonly probes: AddressProbes;
  /** What the report shows. */
  readonly section: Discovery;
}

/**
 * Looks domains up, asks each address that they publish once, and judges what came of it.
 * @throws DnsError where DNS does not answer
 */
export async function discover(options: DiscoverOptions): Promise<Discovered> {
  const { domains, lookup, expected } = options;
  const published = await Promise.all(domains.map((domain) => lookUpDomain(domain, lookup)));
  const probes = await probeAll({ ...options, published });
  return {
    published,
    probes,
    section: { domains: published.map((domain) => judgeDomain(domain, probes, expected)) },
  };
}
