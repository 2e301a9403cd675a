import type { JobOutcome, Verdict } from '../../../reports/results/job-outcome';
import type { Discovery, Evidence } from '../../../reports/results/model';
import { type ConnectionObserver, type Endpoint, formatEndpoint } from '../../client';
import type { ProbeResult } from '../../client/ask-once';
import { EvidenceRecorder } from '../../client/evidence';
import { type ExpectedHosts, type Matching, matchExpected } from '../../target/discovery';
import { type JudgedDomain, judgeDomain } from './judge';
import type { DnsLookup } from '../../target/discovery';
import { type AddressProbes, probeAll, type ProbeAllOptions } from '../../target/discovery';
import { lookUpDomain, type PublishedDomain } from '../../target/discovery';
import { discoveryOutcome, isFailing, type DiscoveryOutcome, type OutcomeOptions } from './verdict';

/** Which domains to look at, by which DNS server, and what they should publish. */
export interface DiscoverOptions extends Omit<ProbeAllOptions, 'published' | 'ask'>, OutcomeOptions {
  readonly domains: readonly string[];
  readonly lookup: DnsLookup;
  readonly expected: ExpectedHosts;
  /** Clients go by priority and weight, as the profile says. */
  readonly heedsPriority: boolean;
  /** Asks one address, with an observer of the connection; null to look only. */
  readonly ask: ((endpoint: Endpoint, observer: ConnectionObserver) => Promise<ProbeResult>) | null;
}

/** What was found in DNS, who answered, and how it is judged. */
export interface Discovered extends JobOutcome {
  readonly published: readonly PublishedDomain[];
  readonly probes: AddressProbes;
  readonly sections: { readonly discovery: Discovery };
  readonly outcome: DiscoveryOutcome;
}

/**
 * Looks domains up, asks each address that they publish once, and judges what came of it (result DISCOVERY, section `discovery`).
 * Whatever fails is a verdict on its part; what was exchanged with hosts that fail is the evidence.
 */
export async function discover(options: DiscoverOptions): Promise<Discovered> {
  const { domains, lookup, expected, heedsPriority, ask } = options;
  const published = await Promise.all(domains.map((domain) => lookUpDomain(domain, lookup)));
  const heard = new Map<string, EvidenceRecorder>();
  const asked = (endpoint: Endpoint): Promise<ProbeResult> => {
    const recorder = new EvidenceRecorder();
    heard.set(formatEndpoint(endpoint), recorder);
    return ask!(endpoint, recorder);
  };
  const [probes, matchings] = await Promise.all([
    probeAll({ ...options, published, ask: ask === null ? null : asked }),
    Promise.all(published.map((domain) => matching(domain, expected, lookup))),
  ]);
  const judged = published.map((domain, i) =>
    judgeDomain({ published: domain, probes, matching: matchings[i]!, heedsPriority }),
  );
  const outcome = discoveryOutcome(judged, options);
  const { message, unreachable } = outcome;
  return {
    published,
    probes,
    outcome,
    results: [verdictOf(outcome, evidenceOf(judged, heard))],
    sections: { discovery: { domains: judged } },
    ended: unreachable ? { how: 'target-unreachable', message } : undefined,
  };
}

function verdictOf({ outcome, level, message }: DiscoveryOutcome, evidence: Evidence[]): Verdict {
  return {
    id: 'DISCOVERY',
    level,
    title: 'publishes KMS hosts that resolve, answer and are expected',
    source: 'understanding-kms 2.5, 2.6; volume-activation-article; licensing-mistakes',
    outcome,
    ...(outcome === 'inconclusive' ? { reason: message } : { message }),
    ...(outcome === 'failed' && evidence.length > 0 ? { evidence } : {}),
  };
}

/** Addresses of hosts that fail whose exchanges are told. */
const MOST_TOLD = 4;

/** What was exchanged with the first addresses of hosts that fail, each as a connection of its own. */
function evidenceOf(
  domains: readonly JudgedDomain[],
  heard: ReadonlyMap<string, EvidenceRecorder>,
): Evidence[] {
  const failing = domains.flatMap(({ hosts }) => hosts.filter(isFailing));
  const endpoints = failing.flatMap(({ addresses, port }) =>
    addresses.map((host) => formatEndpoint({ host, port })),
  );
  return [...new Set(endpoints)]
    .map((endpoint) => ({ endpoint, evidence: heard.get(endpoint)?.evidence() ?? [] }))
    .filter(({ evidence }) => evidence.length > 0)
    .slice(0, MOST_TOLD)
    .flatMap(({ endpoint, evidence }, connection) =>
      evidence.map((piece) => ({ ...piece, connection, note: endpoint })),
    );
}

const matching = (
  domain: PublishedDomain,
  expected: ExpectedHosts,
  lookup: DnsLookup,
): Promise<Matching | null> =>
  expected === null ? Promise.resolve(null) : matchExpected(domain, expected, lookup);
