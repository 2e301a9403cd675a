import type { Level } from '../../../reports/results/levels';
import type { DiscoveryVerdict } from '../../../reports/results/model';
import type { JudgedDomain, JudgedHost } from './judge';

/** What verdicts come to, by level: MUST as DNS-02 to DNS-04 and RFC 2782 have it, SHOULD as DNS-09. */
const FAILING: Readonly<Record<DiscoveryVerdict, 'MUST' | 'SHOULD' | null>> = {
  right: null,
  rogue: 'MUST',
  unreachable: 'MUST',
  dangling: 'MUST',
  'cannot-resolve': 'MUST',
  refused: 'MUST',
  'wrong-answer': 'MUST',
  alias: 'MUST',
  'low-priority': null,
  'public-address': 'SHOULD',
  'not-probed': null,
};

/** Whether one of a host's verdicts fails by some level. */
export const isFailing = ({ verdicts }: Pick<JudgedHost, 'verdicts'>): boolean =>
  verdicts.some((verdict) => FAILING[verdict] !== null);

/** What all domains together come to. */
export interface DiscoveryOutcome {
  readonly outcome: 'passed' | 'failed' | 'inconclusive';
  readonly level: 'MUST' | 'SHOULD';
  readonly message: string;
  /** Of one domain nothing answered: not DNS, or none of its hosts. */
  readonly unreachable: boolean;
}

/** What decides how a look at DNS ends. */
export interface OutcomeOptions {
  /** Nobody was to be asked, so that resolving is all there is to check. */
  readonly looksOnly: boolean;
  /** Levels that decide the exit code. */
  readonly failOn: readonly Level[];
}

/**
 * The worst of what was found: a domain that nothing answers for, then what fails by a level that decides, then what was left unasked, then
 * what fails by a level that does not. So a zone that has one thing wrong more never comes off better.
 */
export function discoveryOutcome(
  domains: readonly JudgedDomain[],
  { looksOnly, failOn }: OutcomeOptions,
): DiscoveryOutcome {
  const hosts = domains.flatMap((domain) => domain.hosts);
  const unreachable = domains.some((domain) => isLost(domain));
  const must = [...domains.flatMap(domainFailures), ...failures(hosts, 'MUST')];
  const should = failures(hosts, 'SHOULD');
  const unasked = looksOnly ? [] : hosts.filter(({ verdicts }) => verdicts.includes('not-probed'));
  const all = [...must, ...should, ...(unasked.length > 0 ? [whyUnasked(unasked, hosts)] : [])].join('; ');
  if (must.length > 0) return { outcome: 'failed', level: 'MUST', message: all, unreachable };
  if (should.length > 0 && (failOn.includes('SHOULD') || unasked.length === 0)) {
    return { outcome: 'failed', level: 'SHOULD', message: all, unreachable };
  }
  if (unasked.length > 0) return { outcome: 'inconclusive', level: 'MUST', message: all, unreachable };
  const passed =
    hosts.length === 1 ? '1 host, as it should be' : `${hosts.length} hosts, each as it should be`;
  return { outcome: 'passed', level: 'MUST', message: passed, unreachable };
}

const whyUnasked = (unasked: readonly JudgedHost[], all: readonly JudgedHost[]): string =>
  `of ${all.length} ${all.length === 1 ? 'host' : 'hosts'} ${unasked.length} ${unasked.length === 1 ? 'was' : 'were'} not asked: not on this machine (--allow-remote)`;

const DOMAIN_WORDS = {
  published: null,
  'not-published': 'publishes no host',
  'not-available': 'says that it has no KMS (target ".")',
  'cannot-resolve': 'cannot be looked up',
} as const;

function domainFailures({ domain, verdict = 'published', missing = [] }: JudgedDomain): string[] {
  const words = DOMAIN_WORDS[verdict];
  return [
    ...(words === null ? [] : [`${domain} ${words}`]),
    // Where nobody knows what is published, nobody is known to be missing.
    ...(verdict === 'cannot-resolve' ? [] : missing).map(
      (name) => `${name} is expected of ${domain}, and not published`,
    ),
  ];
}

function failures(hosts: readonly JudgedHost[], level: 'MUST' | 'SHOULD'): string[] {
  return hosts.flatMap(({ name, port, verdicts }) =>
    verdicts
      .filter((verdict) => FAILING[verdict] === level)
      .map((verdict) => `${name}:${port} is ${WORDS[verdict]}`),
  );
}

/** True where DNS or every host of the domain gave no answer. */
function isLost({ verdict, hosts }: JudgedDomain): boolean {
  if (hosts.length === 0) return verdict === 'cannot-resolve';
  return hosts.every(isDead);
}

const isDead = ({ verdicts }: JudgedHost): boolean =>
  verdicts.some((verdict) => SILENT.has(verdict)) && !verdicts.some((verdict) => NOT_DEAD.has(verdict));

const SILENT: ReadonlySet<DiscoveryVerdict> = new Set(['dangling', 'cannot-resolve', 'unreachable']);
const NOT_DEAD: ReadonlySet<DiscoveryVerdict> = new Set([
  'right',
  'rogue',
  'refused',
  'wrong-answer',
  'not-probed',
]);

const WORDS: Readonly<Record<DiscoveryVerdict, string>> = {
  right: 'right',
  rogue: 'rogue',
  unreachable: 'unreachable',
  dangling: 'a name without address',
  'cannot-resolve': 'a name that cannot be looked up',
  refused: 'refusing',
  'wrong-answer': 'answering wrongly',
  alias: 'published by an alias',
  'low-priority': 'of low priority',
  'public-address': 'at a public address',
  'not-probed': 'not asked',
};
