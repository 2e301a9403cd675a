import { type Endpoint, formatEndpoint } from '../../client';
import {
  type AddressProbe,
  type AddressProbes,
  type DnsLookup,
  DnsError,
  findHost,
  type FoundHost,
  isExpected,
  isPublicAddress,
  lookUpDomain,
  NoHostFound,
  probeAll,
  type PublishedDomain,
  type PublishedHost,
} from '../../discovery';
import type { Profile } from '../../model/profile';
import type { ProbeResult } from '../../probe/ask';
import type { Random } from '../../random';
import { parseTarget } from '../../target';
import { inconclusive } from '../verdict';

export interface SurveyOptions {
  readonly domains: readonly string[];
  /** Hosts that should be published; null where nobody said. */
  readonly expected: readonly string[] | null;
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
  #asked: Promise<readonly AskedAddress[]> | undefined;

  constructor(private readonly options: SurveyOptions) {}

  get expected(): readonly string[] | null {
    return this.options.expected;
  }

  /** @throws Inconclusive where DNS does not answer */
  published(): Promise<readonly PublishedDomain[]> {
    const { domains, lookup } = this.options;
    return (this.#published ??= told(Promise.all(domains.map((domain) => lookUpDomain(domain, lookup)))));
  }

  /** Every published host of every domain. @throws Inconclusive */
  async hosts(): Promise<readonly PublishedHost[]> {
    return (await this.published()).flatMap(({ hosts }) => hosts);
  }

  /** Every address of every published host, asked; dangling names have none. @throws Inconclusive */
  asked(): Promise<readonly AskedAddress[]> {
    return (this.#asked ??= this.#askAll());
  }

  isExpected(host: PublishedHost): boolean {
    return this.options.expected === null || isExpected(host, this.options.expected);
  }

  /** Addresses that the Internet reaches, as `name (address)`. @throws Inconclusive */
  async publicAddresses(): Promise<string[]> {
    return (await this.hosts()).flatMap(({ target, addresses }) =>
      addresses.filter(isPublicAddress).map((address) => `${target} (${address})`),
    );
  }

  /** Domains whose clients may ask a host first that is not expected, by the profile's discovery. @throws Inconclusive */
  async misordered(): Promise<string[]> {
    const heedsPriority = this.options.profile.discoveryUsesPriorityAndWeight;
    return (await this.published()).flatMap(({ domain, hosts }) => {
      const first = hosts.filter((host) => mayBeFirst(host, hosts, heedsPriority));
      const wrong = first.filter((host) => !this.isExpected(host));
      return wrong.map(
        ({ target, priority, weight }) => `${target} of ${domain} (priority ${priority}, weight ${weight})`,
      );
    });
  }

  /**
   * The host that one client would be served by, with the answers that the survey got.
   * @returns what was tried where none serves
   * @throws Inconclusive
   */
  async serveOneClient(domain: string): Promise<FoundHost | NoHostFound> {
    const asked = await this.asked();
    const { lookup, profile, random } = this.options;
    const probeOf = ({ host, port }: Endpoint): AddressProbe | undefined =>
      asked.find(({ endpoint }) => endpoint.host === host && endpoint.port === port)?.probe;
    try {
      return await findHost({
        domain,
        lookup,
        profile,
        random,
        attempt: (endpoint) => Promise.resolve(whyNotServed(probeOf(endpoint))),
      });
    } catch (error) {
      if (error instanceof NoHostFound) return error;
      return undecided(error);
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
   * @throws Inconclusive
   */
  async sharedNames(): Promise<
    readonly { readonly name: string; readonly addresses: readonly AskedAddress[] }[]
  > {
    const published = await told(this.#everyName());
    const shared = published.filter(({ addresses, alias }) => addresses.length > 1 || alias !== null);
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
    const named = (this.options.expected ?? [])
      .map((text) => parseTarget(text))
      .filter((target) => target.kind === 'host')
      .filter(({ host }) => !known.has(host.toLowerCase()));
    const { lookup } = this.options;
    const others = await Promise.all(
      named.map(async ({ host: target, port }): Promise<PublishedHost> => {
        const [addresses, alias] = await Promise.all([lookup.addresses(target), lookup.alias(target)]);
        return { target, port, priority: 0, weight: 0, addresses, alias };
      }),
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
    return probeAll({ published: [{ domain: '', server: '', hosts, warnings: [] }], ask, mayAsk });
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

/** A DNS server that gives no answer says nothing of the domain. */
function undecided(error: unknown): never {
  if (error instanceof DnsError) inconclusive(error.message);
  throw error;
}

const told = <T>(answer: Promise<T>): Promise<T> => answer.catch(undecided);
