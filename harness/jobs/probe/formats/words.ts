import { defuseCommands } from '../../../../reports/escape/terminal';
import { replaceActing } from '../../../../reports/escape/visible';
import type { Health, HostHealth, Problem, State } from '../health';

/** A series of monitoring: a host, in a domain where there is one; the domain itself has no host. */
export interface Subject {
  readonly domain: string;
  readonly host: string;
}

/** One line of output, whatever a host or DNS put into it: also where it goes to a file, past the escape of the streams. */
export const printable = (text: string): string =>
  defuseCommands(replaceActing(text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' '), () => ' '));

export const seconds = (ms: number): string => (ms / 1000).toFixed(6);

/** The one host of a probe that looked at nothing else; null for one of several, or of a domain. */
export const onlyHost = ({ hosts, domains }: Health): HostHealth | null =>
  hosts.length === 1 && domains.length === 0 ? hosts[0]! : null;

/** What was probed, as one name. */
export function subjectOf({ hosts, domains }: Health): string {
  const targets = hosts.filter(({ role }) => role === 'target').map(({ host }) => host);
  return [...targets, ...domains.map(({ domain }) => domain)].join(', ');
}

/** A host by the name that stays, with the one that it led to. */
export const nameOf = ({ host, via }: HostHealth): string => (via === null ? host : `${host} (${via})`);

/** Count and time of a host, as a clause. */
export function summaryOf({ count, latencyMs, reachable }: HostHealth): string {
  if (reachable === null) return 'not asked';
  if (!reachable) return 'not reachable';
  const took = latencyMs === null ? '' : `, ${latencyMs.toFixed(1)} ms`;
  return count === null ? `no count${took}` : `counts ${count}${took}`;
}

/** How many of the hosts serve. */
export function servingOf({ hosts }: Pick<Health, 'hosts'>): string {
  if (hosts.length === 0) return 'no host known';
  return `${hosts.filter(({ serves }) => serves).length} of ${hosts.length} ${hosts.length === 1 ? 'host serves' : 'hosts serve'}`;
}

export interface ToldProblem extends Problem {
  /** The host that it is of; null where it is of a domain. */
  readonly host: string | null;
}

/** The worst first. */
export const ORDER: readonly State[] = ['critical', 'unknown', 'warning', 'ok'];

/** All problems, the worst first, those of hosts before those of records. */
export function problemsOf({ hosts, domains }: Health): ToldProblem[] {
  const all = [
    ...hosts.flatMap(({ host, problems }) => problems.map((problem) => ({ ...problem, host }))),
    ...domains.flatMap(({ problems }) => problems.map((problem) => ({ ...problem, host: null }))),
  ];
  return all.sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
}

export const sentenceOf = ({ host, message }: ToldProblem): string =>
  host === null ? message : `${host} ${message}`;
