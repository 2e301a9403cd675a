import { notSufficient } from '../../support/local-limits';
import type { Health, HostHealth, Problem, State } from './health';

/**
 * What a probe found where its own machine ran out of something meanwhile: no host is in a bad state for that, and none is known to be
 * in one. What was well stays so.
 */
export function beyondLimits(health: Health, limits: readonly string[]): Health {
  if (limits.length === 0) return health;
  const why = notSufficient(limits);
  return {
    ...health,
    state: unknownUnlessWell(health.state),
    hosts: health.hosts.map((host) => notKnown(host, why)),
    domains: health.domains.map((domain) => ({
      ...domain,
      state: unknownUnlessWell(domain.state),
      problems: domain.problems.map((problem) => notJudged(problem, why)),
    })),
  };
}

const unknownUnlessWell = (state: State): State => (state === 'ok' ? 'ok' : 'unknown');

const notKnown = (host: HostHealth, why: string): HostHealth => ({
  ...host,
  state: unknownUnlessWell(host.state),
  reachable: host.reachable === true ? true : null,
  problems: host.problems.map((problem) => notJudged(problem, why)),
});

const notJudged = (problem: Problem, why: string): Problem => ({
  kind: 'not-asked',
  state: 'unknown',
  message: `is not judged: ${why} (${problem.message})`,
});
