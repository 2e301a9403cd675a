import type { Failed } from '../../target/discovery';
import type { ExpectedHost, Matching } from '../../target/discovery';
import { type PublishedDomain, serviceName } from '../../target/discovery';
import {
  type DomainHealth,
  type Health,
  type HostHealth,
  type Problem,
  type ProblemKind,
  type Thresholds,
  worst,
  worstFirst,
} from './health';
import { type AskedHost, judgeHost } from './judge-host';

/** A domain with what should be published there. */
export interface WatchedDomain {
  readonly published: PublishedDomain;
  readonly matching: Matching;
  /** True where somebody said which hosts are right, so that others are stray. */
  readonly isExclusive: boolean;
}

export interface HealthInput {
  readonly thresholds: Thresholds;
  readonly hosts: readonly AskedHost[];
  readonly domains: readonly WatchedDomain[];
}

/** A host of which this is wrong does not serve, as if it were down. */
const DOWN: ReadonlySet<ProblemKind> = new Set(['unreachable', 'not-initialised', 'no-kms', 'stray-record']);

/**
 * Judges what was asked and looked up. Of the hosts of a domain, one that is down is a warning while another serves; one that was named
 * as the target is judged by itself. Pure.
 */
export function judgeHealth({ thresholds, hosts: asked, domains: watched }: HealthInput): Health {
  const alone = asked.map((host) => judgeHost(host, thresholds));
  const hosts = alone.map((host) => besideOthers(host, alone));
  const domains = watched.map((domain) => judgeDomain(domain, hosts));
  return {
    state: worst([...hosts, ...domains].map(({ state }) => state)),
    ...{ thresholds, hosts, domains },
  };
}

/** The same host, where clients of its domain are served by another one. */
function besideOthers(host: HostHealth, all: readonly HostHealth[]): HostHealth {
  if (host.role === 'target' || host.domain === null) return host;
  const served = all.some((other) => other.domain === host.domain && other.serves && !isStray(other));
  if (!served) return host;
  const problems = host.problems.map((problem): Problem => {
    const isBorne = problem.state === 'unknown' || (!host.serves && DOWN.has(problem.kind));
    return isBorne ? { ...problem, state: 'warning' } : problem;
  });
  return { ...host, problems: worstFirst(problems), state: worst(problems.map(({ state }) => state)) };
}

/** A host that nobody expects is no comfort for those that are down. */
const isStray = ({ problems }: HostHealth): boolean => problems.some(({ kind }) => kind === 'stray-record');

function judgeDomain(
  { published, matching, isExclusive }: WatchedDomain,
  hosts: readonly HostHealth[],
): DomainHealth {
  const { domain, server, srv, warnings } = published;
  const own = hosts.filter((host) => host.domain === domain);
  const known = srv.kind !== 'failed';
  const problems = worstFirst([
    ...recordProblems(published, own),
    ...(known ? matching.missing.map((one) => missing(one, published)) : []),
  ]);
  const strays = published.hosts.filter(
    (host) =>
      (host.addresses.length === 0 && host.failures.length === 0) ||
      (isExclusive && matching.of(host) === undefined),
  );
  return {
    domain,
    resolver: server,
    state: worst([...problems, ...own].map(({ state }) => state)),
    problems,
    published: known ? published.hosts.length : null,
    missing: known ? matching.missing.length : null,
    stray: known ? strays.length : null,
    failedLookups: failures(published).length,
    // What is a problem is not told twice.
    notes: [
      ...warnings.filter((note) => !problems.some(({ message }) => message === note)),
      ...matching.notes,
    ],
  };
}

const failures = ({ srv, hosts }: PublishedDomain): Failed[] => [
  ...(srv.kind === 'failed' ? [srv.failure] : []),
  ...hosts.flatMap((host) => host.failures),
];

const missing = ({ text }: ExpectedHost, { domain, hosts }: PublishedDomain): Problem => ({
  kind: 'not-published',
  state: hosts.length === 0 ? 'critical' : 'warning',
  message: `no SRV record of ${domain} names ${text}`,
});

function recordProblems({ domain, srv, warnings }: PublishedDomain, own: readonly HostHealth[]): Problem[] {
  switch (srv.kind) {
    case 'found':
      return [];
    case 'none': {
      const message = `no SRV record ${serviceName(domain)}: clients find no host by themselves`;
      return [{ kind: 'not-published', state: 'critical', message }];
    }
    case 'not-available': {
      const message = `${domain} says that it has no KMS (target "."): clients find no host by themselves`;
      return [{ kind: 'not-published', state: 'critical', message }];
    }
    case 'failed': {
      const message =
        warnings.find((note) => note.startsWith('DNS SRV')) ?? `DNS SRV ${serviceName(domain)} failed`;
      // Health was measured all the same where a host serves: then only its records are not known.
      return [
        { kind: 'cannot-resolve', state: own.some(({ serves }) => serves) ? 'warning' : 'unknown', message },
      ];
    }
  }
}
