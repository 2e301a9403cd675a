import { makeVisible } from '../../../../reports/escape/visible';
import { type Health, STATES } from '../health';
import { seconds, type Subject } from './words';

interface Sample extends Subject {
  readonly value: number | null;
}

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

const SUCCESS = [
  'kms_probe_success',
  'Whether nothing is to be alerted on; without host, of the domain as a whole',
] as const;
const STATE = [
  'kms_probe_state',
  '0 ok, 1 warning, 2 critical, 3 unknown; without host, of the domain as a whole',
] as const;

/** The text format of Prometheus 0.0.4: each metric once, with a series for each host and domain; what has no value is left out. */
export function prometheusText({ hosts, domains }: Health): string {
  const ofHosts = (value: (host: Health['hosts'][number]) => number | null): Sample[] =>
    hosts.map((host) => ({ domain: host.domain ?? '', host: host.host, value: value(host) }));
  const ofDomains = (value: (domain: Health['domains'][number]) => number | null): Sample[] =>
    domains.map((domain) => ({ domain: domain.domain, host: '', value: value(domain) }));
  const all = (value: (one: Pick<Health, 'state'>) => number): Sample[] => [
    ...ofHosts(value),
    ...ofDomains(value),
  ];
  return textOf([
    metric(
      ...SUCCESS,
      all(({ state }) => (state === 'ok' ? 1 : 0)),
    ),
    metric(
      ...STATE,
      all(({ state }) => STATES[state]),
    ),
    metric(
      'kms_probe_reachable',
      'Whether the host answered at all',
      ofHosts(({ reachable }) => (reachable === null ? null : Number(reachable))),
    ),
    metric(
      'kms_probe_count',
      'Machines that the host counts',
      ofHosts(({ count }) => count),
    ),
    metric(
      'kms_probe_duration_seconds',
      'From connecting to the answer',
      ofHosts(({ latencyMs }) => (latencyMs === null ? null : Number(seconds(latencyMs)))),
    ),
    metric(
      'kms_probe_srv_hosts',
      'Hosts that the records of the domain name',
      ofDomains(({ published }) => published),
    ),
    metric(
      'kms_probe_srv_missing',
      'Hosts without SRV record',
      ofDomains(({ missing }) => missing),
    ),
    metric(
      'kms_probe_srv_stray',
      'SRV records that should not be there',
      ofDomains(({ stray }) => stray),
    ),
    metric(
      'kms_probe_dns_failures',
      'Lookups that failed',
      ofDomains(({ failedLookups }) => failedLookups),
    ),
  ]);
}

/** What was to be probed, as failed. */
export function prometheusFailure(subjects: readonly Subject[]): string {
  const all = (value: number): Sample[] =>
    (subjects.length === 0 ? [{ domain: '', host: '' }] : subjects).map((subject) => ({ ...subject, value }));
  return textOf([metric(...SUCCESS, all(0)), metric(...STATE, all(STATES.unknown))]);
}

const metric = (name: string, help: string, samples: readonly Sample[]): Metric => ({ name, help, samples });

const textOf = (metrics: readonly Metric[]): string =>
  metrics
    .map(({ name, help, samples }) => ({
      name,
      help,
      lines: samples.flatMap((sample) => sampleLine(name, sample)),
    }))
    .filter(({ lines }) => lines.length > 0)
    .flatMap(({ name, help, lines }) => [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...lines])
    .concat('')
    .join('\n');

const sampleLine = (name: string, { domain, host, value }: Sample): string[] =>
  value === null ? [] : [`${name}{domain="${labelValue(domain)}",host="${labelValue(host)}"} ${value}`];

/** What acts on a reader is written out: a label is shown on pages and terminals of others. */
const labelValue = (text: string): string =>
  makeVisible(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
