import type { Health, HostHealth, Thresholds } from '../health';
import { KMS_PORT } from '../../../target';
import {
  nameOf,
  onlyHost,
  ORDER,
  printable,
  problemsOf,
  seconds,
  sentenceOf,
  servingOf,
  subjectOf,
  summaryOf,
  type ToldProblem,
} from './words';

/** What a pager shows of the first line, before the performance data (Monitoring Plugins guidelines, "Plugin Output"). */
const SHORT = 80;
/** What the executor reads of all, in bytes. */
const ALL = 4096;
/** Of that for performance data; the rest is text. */
const DATA = 1800;

/** A short line with performance data behind a bar, and, where that is not all, every host and problem in lines after it. */
export function nagiosText(health: Health): string {
  const head = (of: string): string => line(`KMS ${health.state.toUpperCase()} - ${of}`);
  const sentences = head(headOf(health, sentenceOf));
  const isShort = sentences.length <= SHORT || onlyHost(health) !== null;
  const whole = isShort ? sentences : head(headOf(health, inAWord));
  const short = whole.length <= SHORT ? whole : `${whole.slice(0, SHORT - 3).trimEnd()}...`;
  const data = fitting(performanceData(health), ' ', DATA).join(' ');
  const first = `${short}${data === '' ? '' : ` | ${data}`}`;
  if (onlyHost(health) !== null && short === sentences) return `${first}\n`;
  const more = longText(health).map(line);
  const kept = fitting(more, '\n', ALL - Buffer.byteLength(first) - 40);
  const left = more.length - kept.length;
  return [first, ...kept, ...(left > 0 ? [`... and ${left} more lines`] : []), ''].join('\n');
}

/** A bar would begin performance data. */
const line = (text: string): string => printable(text).replaceAll('|', '/');

function headOf(health: Health, words: (problem: ToldProblem, health: Health) => string): string {
  const only = onlyHost(health);
  const problems = problemsOf(health);
  if (only !== null) {
    return `${nameOf(only)} ${problems.length === 0 ? summaryOf(only) : problems.map(({ message }) => message).join('; ')}`;
  }
  const told = problems.map((problem) => words(problem, health)).join('; ');
  return `${subjectOf(health)}: ${servingOf(health)}${told === '' ? '' : `; ${told}`}`;
}

/** `kms02 unreachable`: of a host of the one domain that is watched the first label does, where its port is the registered one. */
function inAWord({ host, kind }: ToldProblem, { domains }: Health): string {
  if (host === null) return kind;
  const [domain = null] = domains.length === 1 ? domains.map((one) => `.${one.domain}:`) : [];
  const name = domain === null ? host : host.replace(domain, ':');
  return `${name.replace(new RegExp(`:${KMS_PORT}$`), '')} ${kind}`;
}

function longText(health: Health): string[] {
  return [
    ...worstHostsFirst(health.hosts).map(
      (host) => `${host.host} ${host.state.toUpperCase()} - ${wordsOf(host)}`,
    ),
    ...health.domains.flatMap(({ domain, resolver, problems, notes }) => [
      `${domain}, asked of ${resolver}`,
      ...problems.map(({ state, kind, message }) => `${state.toUpperCase()} - ${message} (${kind})`),
      ...notes.map((note) => `note - ${note}`),
    ]),
  ];
}

/** What does not fit is what is well. */
const worstHostsFirst = (hosts: readonly HostHealth[]): HostHealth[] =>
  [...hosts].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));

const wordsOf = (host: HostHealth): string =>
  [
    ...(host.count === null ? [] : [summaryOf(host)]),
    ...host.problems.map(({ kind, message }) => `${message} (${kind})`),
  ].join('; ') || summaryOf(host);

function performanceData(health: Health): string[] {
  const { hosts, domains, thresholds } = health;
  const isAlone = hosts.length === 1;
  const records = domains.filter(({ missing }) => missing !== null);
  const sum = (of: 'missing' | 'stray'): number =>
    records.reduce((total, domain) => total + (domain[of] ?? 0), 0);
  return [
    ...(isAlone ? hostData(hosts[0]!, '', thresholds) : []),
    ...(onlyHost(health) === null
      ? [
          `hosts=${hosts.length};;;0`,
          `serving=${hosts.filter(({ serves }) => serves).length};;;0;${hosts.length}`,
        ]
      : []),
    ...(records.length === 0 ? [] : [`srv_missing=${sum('missing')};0;;0`, `srv_stray=${sum('stray')};0;;0`]),
    ...(isAlone ? [] : hosts.flatMap((host) => hostData(host, `${host.host}_`, thresholds))),
  ];
}

function hostData({ count, latencyMs }: HostHealth, prefix: string, thresholds: Thresholds): string[] {
  const { warnCount, critCount, warnMs, critMs } = thresholds;
  const name = (what: string): string => label(`${prefix}${what}`);
  return [
    ...(count === null ? [] : [`${name('count')}=${count};${warnCount.text};${critCount?.text ?? ''};0`]),
    ...(latencyMs === null
      ? []
      : [`${name('time')}=${seconds(latencyMs)}s;${warnMs / 1000};${critMs / 1000};0`]),
  ];
}

/** Labels hold no equals sign and no quote; what holds more than letters stands in quotes. */
function label(text: string): string {
  const plain = line(text).replace(/[='\s]/g, '_');
  return /^\w+$/.test(plain) ? plain : `'${plain}'`;
}

/** As many, from the front, as fit into so many bytes. */
function fitting(parts: readonly string[], separator: string, bytes: number): string[] {
  const kept: string[] = [];
  let used = 0;
  for (const part of parts) {
    used += Buffer.byteLength(part) + separator.length;
    if (used > bytes) break;
    kept.push(part);
  }
  return kept;
}

/** UNKNOWN in one line, where the probe itself could not do its work. */
export const nagiosUnknown = (problem: string): string => `KMS UNKNOWN - ${line(problem)}\n`;
