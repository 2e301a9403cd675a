import type { Endpoint } from '../client/endpoint';
import type { Profile } from '../model/profile';
import type { Random } from '../random';
import type { DnsLookup } from './lookup';
import { lookUpDomain, serviceName } from './published-hosts';
import { orderForClient } from './srv-order';

/** Why no host was found for `.DOMAIN`. */
export class NoHostFound extends Error {
  constructor(
    readonly domain: string,
    /** What was tried, in order, and what came of it. */
    readonly tried: readonly string[],
  ) {
    super(
      tried.length === 0
        ? `no host found for .${domain}: no SRV record ${serviceName(domain)} with a name that resolves`
        : `no host found for .${domain}: ${tried.join('; ')}`,
    );
    this.name = 'NoHostFound';
  }
}

export interface FindHostOptions {
  readonly domain: string;
  readonly lookup: DnsLookup;
  readonly profile: Profile;
  readonly random: Random;
  /**
   * Tries one address, such as by connecting to it.
   * @returns null where it serves, else what came of it, as a clause behind the address
   */
  readonly attempt: (endpoint: Endpoint) => Promise<string | null>;
}

/** A host that a client would be served by. */
export interface FoundHost extends Endpoint {
  /** The name in the SRV record. */
  readonly name: string;
  /** Others that were tried before, and what came of each. */
  readonly skipped: readonly string[];
}

/**
 * Finds a host as a client does: SRV records in the profile's order; one that does not respond is taken off the list and
 * the next is tried (understanding-kms 2.6).
 * @throws NoHostFound where none serves
 * @throws DnsError where DNS does not answer
 */
export async function findHost(options: FindHostOptions): Promise<FoundHost> {
  const { domain, lookup, profile, random, attempt } = options;
  const published = await lookUpDomain(domain, lookup);
  const ordered = orderForClient(published.hosts, profile.discoveryUsesPriorityAndWeight, () =>
    random.fraction(),
  );
  const skipped: string[] = [];
  for (const { target, port, addresses } of ordered) {
    if (addresses.length === 0) skipped.push(`${target} has no address`);
    for (const host of addresses) {
      const problem = await attempt({ host, port });
      if (problem === null) return { name: target, host, port, skipped };
      skipped.push(`${target} (${host}) ${problem}`);
    }
  }
  throw new NoHostFound(published.domain, skipped);
}
