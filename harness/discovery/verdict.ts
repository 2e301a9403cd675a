import type { DiscoveryVerdict } from '../../reports/model';
import type { JudgedDomain, JudgedHost } from './judge';

/** What verdicts come to, by level: MUST as DNS-02 to DNS-04 have it, SHOULD as DNS-05 and DNS-09. */
const FAILING: Readonly<Record<DiscoveryVerdict, 'MUST' | 'SHOULD' | null>> = {
  right: null,
  rogue: 'MUST',
  unreachable: 'MUST',
  dangling: 'MUST',
  refused: 'MUST',
  'low-priority': null,
  'public-address': 'SHOULD',
  'not-probed': null,
};

/** What all domains together come to. */
export interface DiscoveryOutcome {
  readonly outcome: 'passed' | 'failed' | 'inconclusive';
  readonly level: 'MUST' | 'SHOULD';
  readonly message: string;
  /** No host that was asked answered anything. */
  readonly nobodyAnswered: boolean;
}

/** @param looksOnly true where nobody was to be asked, so that resolving is all there is to check */
export function discoveryOutcome(domains: readonly JudgedDomain[], looksOnly: boolean): DiscoveryOutcome {
  const hosts = domains.flatMap((domain) => domain.hosts);
  const empty = domains
    .filter((domain) => domain.hosts.length === 0)
    .map(({ domain }) => `${domain} publishes no host`);
  const nobodyAnswered = hosts.length > 0 && hosts.every(isDead);
  const must = [...empty, ...failures(hosts, 'MUST')];
  if (must.length > 0) return { outcome: 'failed', level: 'MUST', message: must.join('; '), nobodyAnswered };
  const missing = domains.flatMap(({ warnings = [] }) =>
    warnings.filter((warning) => warning.includes('is expected, and not')),
  );
  const should = [...missing, ...failures(hosts, 'SHOULD')];
  if (should.length > 0)
    return { outcome: 'failed', level: 'SHOULD', message: should.join('; '), nobodyAnswered };
  const unasked = hosts.filter(({ verdicts }) => verdicts.includes('not-probed'));
  if (!looksOnly && unasked.length > 0) {
    const message = `${unasked.length} of ${hosts.length} hosts were not asked: they are not on this machine (--allow-remote)`;
    return { outcome: 'inconclusive', level: 'MUST', message, nobodyAnswered };
  }
  return {
    outcome: 'passed',
    level: 'MUST',
    message: `${hosts.length} hosts, each as it should be`,
    nobodyAnswered,
  };
}

function failures(hosts: readonly JudgedHost[], level: 'MUST' | 'SHOULD'): string[] {
  return hosts.flatMap(({ name, port, verdicts }) =>
    verdicts
      .filter((verdict) => FAILING[verdict] === level)
      .map((verdict) => `${name}:${port} is ${WORDS[verdict]}`),
  );
}

const isDead = ({ verdicts }: JudgedHost): boolean =>
  verdicts.includes('dangling') ||
  (verdicts.includes('unreachable') && !verdicts.some((verdict) => ANSWERED.has(verdict)));

const ANSWERED: ReadonlySet<DiscoveryVerdict> = new Set(['right', 'rogue', 'refused']);

const WORDS: Readonly<Record<DiscoveryVerdict, string>> = {
  right: 'right',
  rogue: 'rogue',
  unreachable: 'unreachable',
  dangling: 'a name without address',
  refused: 'refusing',
  'low-priority': 'of low priority',
  'public-address': 'at a public address',
  'not-probed': 'not asked',
};
