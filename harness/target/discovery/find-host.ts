import type { Endpoint } from '../../client/endpoint';
import type { Profile } from '../../model/profile';
import type { Random } from '../../support/random';
import { describeFailure } from './dns/outcome';
import type { DnsLookup } from './lookup';
import { whyUnaskable } from './addresses';
import { lookUpDomain, type PublishedDomain, serviceName } from './published-hosts';
import { resolutionOf, whyUnresolved } from './resolve-name';
import { orderForClient } from './srv-order';

/** Why no host was found for `.DOMAIN`. */
export class NoHostFound extends Error {
  constructor(
    readonly domain: string,
    /** What was tried, in order, and what came of it. */
    readonly tried: readonly string[],
    /** DNS failed, so that nobody was tried: there may be hosts. */
    readonly isUnknown = false,
  ) {
    super(`no host found for .${domain}: ${tried.join('; ')}`);
    this.name = 'NoHostFound';
  }
}

/** How the host of a domain is looked for. */
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
 * Finds a host as a client does: SRV records in the profile's order; one that cannot be looked up or does not respond is taken off the
 * list and the next is tried (understanding-kms 2.6).
 * @throws NoHostFound where none serves
 */
export async function findHost(options: FindHostOptions): Promise<FoundHost> {
  return findAmong(await lookUpDomain(options.domain, options.lookup), options);
}

/** The same with a domain that is looked up already. */
export async function findAmong(
  published: PublishedDomain,
  { profile, random, attempt }: Pick<FindHostOptions, 'profile' | 'random' | 'attempt'>,
): Promise<FoundHost> {
  const ordered = orderForClient(published.hosts, profile.discoveryUsesPriorityAndWeight, () =>
    random.fraction(),
  );
  const skipped: string[] = [];
  let known = published.srv.kind !== 'failed' && ordered.length === 0;
  for (const found of ordered) {
    const { target, port, addresses } = found;
    const resolution = resolutionOf(found);
    known ||= resolution !== 'cannot-resolve';
    if (resolution === 'dangling') skipped.push(`${target} has no address`);
    if (resolution === 'cannot-resolve')
      skipped.push(`${target} cannot be looked up: ${whyUnresolved(found)}`);
    for (const host of addresses) {
      const problem = whyNotTried({ host, port }) ?? (await attempt({ host, port }));
      if (problem === null) return { name: target, host, port, skipped };
      skipped.push(`${target} (${host}) ${problem}`);
    }
  }
  throw new NoHostFound(published.domain, skipped.length > 0 ? skipped : [whyNone(published)], !known);
}

/** Null for an address at which a host may be. */
function whyNotTried({ host, port }: Endpoint): string | null {
  if (port === 0) return 'is published at port 0';
  const unaskable = whyUnaskable(host);
  return unaskable === null ? null : `cannot be reached: ${unaskable}`;
}

function whyNone({ domain, srv }: PublishedDomain): string {
  const name = serviceName(domain);
  switch (srv.kind) {
    case 'failed':
      return describeFailure(srv.failure);
    case 'not-available':
      return `${name} says that there is no such service (target ".")`;
    case 'none':
    case 'found':
      return `no SRV record ${name}`;
  }
}
