import { isIP } from 'node:net';
import { type Endpoint, formatEndpoint } from '../../harness/client';
import {
  type AddressProbe,
  type AddressProbes,
  describeFailure,
  type DnsLookup,
  type ExpectedHosts,
  findAmong,
  type FoundHost,
  isPublicAddress,
  lookUpDomain,
  type Matching,
  matchExpected,
  NoHostFound,
  probeAll,
  type PublishedDomain,
  type PublishedHost,
  lacksIpv4,
  resolutionOf,
  resolveName,
  serviceName,
  whyUnresolved,
} from '../../harness/target/discovery';
import type { Profile } from '../../harness/model/profile';
import type { ProbeResult } from '../../harness/client/ask-once';
import type { Random } from '../../harness/support/random';
import { KMS_PORT } from '../../harness/target';

export interface SurveyOptions {
  readonly domains: readonly string[];
  readonly expected: ExpectedHosts;
  readonly lookup: DnsLookup;
  readonly profile: Profile;
  readonly random: Random;
  readonly mayAsk: (address: string) => boolean;
  /** Asks one good request; with a CMID of its own where one is given. */
  readonly ask: (endpoint: Endpoint, clientMachineId?: string) => Promise<ProbeResult>;
}

/** One address of a published host, and what came of asking it. */
export interface AskedAddress {
  readonly domain: string;
  readonly host: PublishedHost;
  /** `name:port`, with the address where the name has several. */
  readonly label: string;
  readonly endpoint: Endpoint;
  readonly probe: AddressProbe;
}

/** What the DNS requirements look at: the configured domains, each looked up once and each of their hosts asked once in a run. */
export class DomainSurvey {
  #published: Promise<readonly PublishedDomain[]> | undefined;
  #matchings: Promise<readonly Matching[]> | undefined;
  #asked: Promise<readonly AskedAddress[]> | undefined;

  constructor(private readonly options: SurveyOptions) {}

  get expected(): ExpectedHosts {
    return this.options.expected;
  }

  /** What is sent to look the domains up, in words. */
  get questions(): string {
    const { domains, lookup } = this.options;
    return `DNS questions of ${domains.map(serviceName).join(', ')} to ${lookup.server}`;
  }

  published(): Promise<readonly PublishedDomain[]> {
    const { domains, lookup } = this.options;
    return (this.#published ??= Promise.all(domains.map((domain) => lookUpDomain(domain, lookup))));
  }

  /** What DNS does not tell: domains whose records, and hosts whose addresses, nobody knows. */
  async unknown(): Promise<string[]> {
    return (await this.published()).flatMap(({ srv, hosts }) => [
      ...(srv.kind === 'failed' ? [describeFailure(srv.failure)] : []),
      ...hosts.filter(isUnknown).map(whyUnresolved),
    ]);
  }

  /** Hosts of which it is known whether they have addresses. */
  async resolved(): Promise<readonly PublishedHost[]> {
    return (await this.hosts()).filter((host) => resolutionOf(host) !== 'cannot-resolve');
  }

  /** Every published host of every domain. */
  async hosts(): Promise<readonly PublishedHost[]> {
    return (await this.published()).flatMap(({ hosts }) => hosts);
  }

  /** Every address of every published host, asked; names that do not resolve have none. */
  asked(): Promise<readonly AskedAddress[]> {
    return (this.#asked ??= this.#askAll());
  }

  async isExpected(host: PublishedHost): Promise<boolean> {
    if (this.options.expected === null) return true;
    return (await this.#matched()).some((matching) => matching.of(host) !== undefined);
  }

  async #matched(): Promise<readonly Matching[]> {
    const { expected, lookup } = this.options;
    const published = await this.published();
    return (this.#matchings ??= Promise.all(
      published.map((domain) => matchExpected(domain, expected ?? [], lookup)),
    ));
  }

  /** Addresses that the Internet reaches, as `name (address)`. */
  async publicAddresses(): Promise<string[]> {
    return (await this.hosts()).flatMap(({ target, addresses }) =>
      addresses.filter(isPublicAddress).map((address) => `${target} (${address})`),
    );
  }

  /** Domains whose clients may ask a host first that is not expected, by the profile's discovery. */
  async misordered(): Promise<string[]> {
    const heedsPriority = this.options.profile.discoveryUsesPriorityAndWeight;
    const matchings = await this.#matched();
    return (await this.published()).flatMap(({ domain, hosts }, i) => {
      const first = hosts.filter((host) => mayBeFirst(host, hosts, heedsPriority));
      const wrong = first.filter((host) => matchings[i]!.of(host) === undefined);
      return wrong.map(
        ({ target, priority, weight }) => `${target} of ${domain} (priority ${priority}, weight ${weight})`,
      );
    });
  }

  /**
   * The host that one client would be served by, with the answers that the survey got.
   * @returns what was tried where none serves
   */
  async serveOneClient(domain: PublishedDomain): Promise<FoundHost | NoHostFound> {
    const asked = await this.asked();
    const { profile, random } = this.options;
    const probeOf = ({ host, port }: Endpoint): AddressProbe | undefined =>
      asked.find(({ endpoint }) => endpoint.host === host && endpoint.port === port)?.probe;
    try {
      return await findAmong(domain, {
        profile,
        random,
        attempt: (endpoint) => Promise.resolve(whyNotServed(probeOf(endpoint))),
      });
    } catch (error) {
      if (error instanceof NoHostFound) return error;
      throw error;
    }
  }

  /** Asks one host again, such as with a machine of one's own. */
  ask({ endpoint }: AskedAddress, clientMachineId?: string): Promise<ProbeResult> {
    return this.options.ask(endpoint, clientMachineId);
  }

  /** A CMID that no host has seen. */
  newClientMachineId(): string {
    return this.options.random.guid();
  }

  /**
   * Names with several addresses or an alias, those of `expectedHosts` too, with each of their addresses asked.
   */
  async sharedNames(): Promise<
    readonly { readonly name: string; readonly addresses: readonly AskedAddress[] }[]
  > {
    const published = await this.#everyName();
    const shared = published.filter(
      (host) => (host.addresses.length > 1 || host.alias !== null) && resolutionOf(host) !== 'cannot-resolve',
    );
    const probes = await this.#probe(shared);
    return shared.map((host) => ({
      name: formatEndpoint({ host: host.target, port: host.port }),
      addresses: addressesOf('', host, probes),
    }));
  }

  /** Published hosts, and expected ones by the names that clients may be pointed at. */
  async #everyName(): Promise<readonly PublishedHost[]> {
    const hosts = await this.hosts();
    const known = new Set(hosts.map(({ target }) => target.toLowerCase()));
    const named = (this.options.expected ?? []).filter(({ name }) => isIP(name) === 0 && !known.has(name));
    const { lookup } = this.options;
    const deadline = performance.now() + lookup.timeoutMs;
    const others = await Promise.all(
      named.map(
        async ({ name, port }): Promise<PublishedHost> => ({
          ...{ target: name, port: port ?? KMS_PORT, priority: 0, weight: 0 },
          ...(await resolveName(name, lookup, deadline)),
        }),
      ),
    );
    return [...hosts, ...others];
  }

  async #askAll(): Promise<readonly AskedAddress[]> {
    const published = await this.published();
    const probes = await this.#probe(published.flatMap(({ hosts }) => hosts));
    return published.flatMap(({ domain, hosts }) =>
      hosts.flatMap((host) => addressesOf(domain, host, probes)),
    );
  }

  #probe(hosts: readonly PublishedHost[]): Promise<AddressProbes> {
    const { ask, mayAsk } = this.options;
    return probeAll({ published: [{ hosts }], ask, mayAsk });
  }
}

function addressesOf(domain: string, host: PublishedHost, probes: AddressProbes): AskedAddress[] {
  const name = formatEndpoint({ host: host.target, port: host.port });
  return host.addresses.map((address) => {
    const endpoint = { host: address, port: host.port };
    const probe = probes.get(formatEndpoint(endpoint)) ?? { kind: 'not-asked' as const };
    return {
      domain,
      host,
      endpoint,
      probe,
      label: host.addresses.length > 1 ? `${name} (${address})` : name,
    };
  });
}

/**
 * Whether clients ask it first with more than the small chance that RFC 2782 leaves to a weight of 0 beside greater ones:
 * that remedy, a weight of 100 for the real host, is the one of licensing-mistakes.
 */
function mayBeFirst(host: PublishedHost, all: readonly PublishedHost[], heedsPriority: boolean): boolean {
  if (!heedsPriority) return true;
  const lowest = Math.min(...all.map(({ priority }) => priority));
  if (host.priority !== lowest) return false;
  return host.weight > 0 || all.every(({ priority, weight }) => priority !== lowest || weight === 0);
}

function whyNotServed(probe: AddressProbe | undefined): string | null {
  if (probe === undefined) return 'was not asked';
  switch (probe.kind) {
    case 'answered':
      return null;
    case 'not-allowed':
    case 'not-asked':
      return 'was not asked';
    case 'refused':
    case 'no-kms':
    case 'unreachable':
      return probe.message;
  }
}

/** True where nobody knows whether IPv4 clients find it. */
const isUnknown = (host: PublishedHost): boolean =>
  resolutionOf(host) === 'cannot-resolve' || lacksIpv4(host);
