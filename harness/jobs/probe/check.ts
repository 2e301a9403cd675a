import { isIP } from 'node:net';
import type { Endpoint } from '../../client';
import {
  type DnsLookup,
  endpointName,
  endpointsOf,
  type ExpectedHost,
  type ExpectedHosts,
  fullName,
  isTheSame,
  lacksIpv4,
  lookUpDomain,
  matchExpected,
  probeAll,
  type PublishedHost,
  type ResolvedName,
  resolutionOf,
  whyUnresolved,
} from '../../target/discovery';
import { formatEndpoint } from '../../client/endpoint';
import { KMS_PORT } from '../../target';
import type { ProbeResult } from '../../client/ask-once';
import type { Health, Problem, Thresholds } from './health';
import type { AskedHost } from './judge-host';
import { judgeHealth, type WatchedDomain } from './judge-health';
import { expectedOfTarget, type TargetHost } from './target-host';

/** Hosts and domains to look at, and what is enough of them. */
export interface CheckOptions {
  readonly targets: readonly TargetHost[];
  readonly domains: readonly string[];
  readonly expected: ExpectedHosts;
  readonly lookup: DnsLookup;
  readonly thresholds: Thresholds;
  readonly ask: (endpoint: Endpoint) => Promise<ProbeResult>;
  readonly mayAsk: (address: string) => boolean;
}

/**
 * Asks the targets, every host that the domains publish and every one that is expected of them, and judges all. A lookup that fails, or a
 * host that does not answer, is a part of what is told.
 */
export async function checkHealth(options: CheckOptions): Promise<Health> {
  const { targets, domains, thresholds } = options;
  const [asked, watched] = await Promise.all([
    Promise.all(targets.map((target) => askTarget(target, options))),
    Promise.all(domains.map((domain) => watchDomain(domain, options))),
  ]);
  const unasked = watched.flatMap(({ hosts }) => hosts);
  const probes = await probeAll({ ...options, published: [{ hosts: unasked.map(({ at }) => at) }] });
  const others = unasked.map(
    ({ at, asked: host }): AskedHost => ({
      ...host,
      results: endpointsOf(at).map((endpoint) => ({
        address: endpoint.host,
        probe: probes.get(formatEndpoint(endpoint)) ?? { kind: 'not-asked' },
      })),
    }),
  );
  return judgeHealth({
    thresholds,
    hosts: distinct([...asked, ...others]),
    domains: watched.map(({ domain }) => domain),
  });
}

/** A name and port in a domain is one series: a target before what is published, and that before what is expected. */
function distinct(hosts: readonly AskedHost[]): AskedHost[] {
  const kept = new Map<string, AskedHost>();
  for (const host of hosts) {
    const key = JSON.stringify([host.domain, host.host]);
    if (!kept.has(key)) kept.set(key, host);
  }
  return [...kept.values()];
}

async function askTarget(target: TargetHost, { ask, domains }: CheckOptions): Promise<AskedHost> {
  const { label, via, host, port, addresses, problem } = target;
  const common = {
    host: label,
    via,
    domain: target.domain ?? (domains.length === 1 ? domains[0]! : null),
    role: 'target' as const,
    addresses,
  };
  if (problem !== null) {
    const state = problem.kind === 'cannot-resolve' ? 'unknown' : 'critical';
    return { ...common, results: [], problems: [{ ...problem, state }] };
  }
  const endpoint = isIP(host) !== 0 ? { host, port } : { host, port, addresses };
  return { ...common, results: [{ address: null, probe: await ask(endpoint) }], problems: [] };
}

/** A host that is still to be asked, and what is told of it. */
interface Unasked {
  readonly at: PublishedHost;
  readonly asked: Omit<AskedHost, 'results'>;
}

interface Watched {
  readonly domain: WatchedDomain;
  readonly hosts: readonly Unasked[];
}

async function watchDomain(name: string, { targets, expected, lookup }: CheckOptions): Promise<Watched> {
  const published = await lookUpDomain(name, lookup);
  const wanted = expected ?? targets.map(expectedOfTarget);
  const matching = await matchExpected(published, wanted, lookup);
  const isExclusive = expected !== null;
  const { domain } = published;
  const hosts = published.hosts
    .filter((host) => !targets.some((target) => isTarget(host, target)))
    .map((host): Unasked => {
      const isStray = isExclusive && matching.of(host) === undefined;
      const problems = [...nameProblems(host, 'published'), ...(isStray ? [STRAY] : [])];
      return { at: host, asked: { ...describe(host), domain, role: 'published', problems } };
    });
  const others = (expected === null ? [] : matching.missing)
    .filter((one) => !targets.some((target) => isExpectedTarget(one, target)))
    .map((one): Unasked => {
      const at = unpublished(one, domain, matching.resolved.get(one.text));
      return {
        at,
        asked: { ...describe(at), domain, role: 'expected', problems: nameProblems(at, 'expected') },
      };
    });
  return { domain: { published, matching, isExclusive }, hosts: [...hosts, ...others] };
}

const describe = (host: PublishedHost) => ({
  host: endpointName(host),
  via: null,
  addresses: host.addresses,
});

/** An expected host that no record names is asked at its own name and port. */
function unpublished(
  { name, port }: ExpectedHost,
  domain: string,
  resolved: ResolvedName | undefined,
): PublishedHost {
  const found = resolved ?? { addresses: [name], alias: null, aliases: [], failures: [] };
  return { target: fullName(name, domain), port: port ?? KMS_PORT, priority: 0, weight: 0, ...found };
}

/** True where a record leads to a target and nowhere else: it is asked already. */
const isTarget = (host: PublishedHost, { host: name, port, addresses, aliases }: TargetHost): boolean =>
  host.port === port &&
  host.addresses.length > 0 &&
  host.addresses.every((address) => addresses.includes(address)) &&
  (isIP(name) !== 0 || isTheSame(host, { text: name, name, port, domain: null }, { addresses, aliases }));

const isExpectedTarget = ({ name, port }: ExpectedHost, target: TargetHost): boolean =>
  (port ?? target.port) === target.port &&
  (name === target.host.toLowerCase() || target.addresses.includes(name));

const STRAY: Problem = {
  kind: 'stray-record',
  state: 'warning',
  message: 'is published, and is not expected',
};

function nameProblems(host: PublishedHost, role: 'published' | 'expected'): Problem[] {
  switch (resolutionOf(host)) {
    case 'dangling':
      return role === 'published'
        ? [{ kind: 'stray-record', state: 'critical', message: 'is published, and has no address' }]
        : [{ kind: 'unreachable', state: 'critical', message: 'has no address' }];
    case 'cannot-resolve':
      return [
        { kind: 'cannot-resolve', state: 'unknown', message: `cannot be looked up: ${whyUnresolved(host)}` },
      ];
    case 'resolved': {
      const message = `is not found by IPv4 clients: ${whyUnresolved(host)}`;
      return lacksIpv4(host) ? [{ kind: 'cannot-resolve', state: 'warning', message }] : [];
    }
  }
}
