import type { DomainHealth, Health, HostHealth, Problem } from '../health';
import { nameOf, onlyHost, printable, servingOf, summaryOf } from './words';

/** For people: a line for each host and domain, and what is wrong below it. */
export function plainText(health: Health): string {
  const { hosts, domains } = health;
  const only = onlyHost(health);
  if (only !== null) return end(hostLines(only));
  const ofDomain = (name: string) => hosts.filter(({ domain }) => domain === name);
  const named = new Set(domains.map(({ domain }) => domain));
  const others = hosts.filter(({ domain }) => domain === null || !named.has(domain));
  return end([
    ...others.flatMap(hostLines),
    ...domains.flatMap((domain) => domainLines(domain, ofDomain(domain.domain))),
  ]);
}

const end = (lines: readonly string[]): string => `${lines.map(printable).join('\n')}\n`;

const problemLine = ({ state, kind, message }: Problem): string => `${state}: ${message} (${kind})`;

const hostLines = (health: HostHealth): string[] => [
  `${nameOf(health)}: ${health.state}, ${summaryOf(health)}`,
  ...health.problems.map((problem) => `  ${problemLine(problem)}`),
];

function domainLines(domain: DomainHealth, hosts: readonly HostHealth[]): string[] {
  return [
    `${domain.domain}, asked of ${domain.resolver}: ${domain.state}, ${servingOf({ hosts })}`,
    ...domain.problems.map((problem) => `  ${problemLine(problem)}`),
    ...hosts.flatMap((host) => hostLines(host).map((line) => `  ${line}`)),
    ...domain.notes.map((note) => `  note: ${note}`),
  ];
}
