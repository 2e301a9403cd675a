import { type Health, type State, STATES } from './health';

export const PROBE_SCHEMA = 'kmsspec.probe/1';

export const FORMATS = ['text', 'json', 'nagios', 'prometheus'] as const;
export type ProbeFormat = (typeof FORMATS)[number];

/** What a probe found, in the form of one kind of monitoring; ends in a newline. */
export function formatHealth(health: Health, format: ProbeFormat): string {
  switch (format) {
    case 'text':
      return textOf(health);
    case 'json':
      return `${JSON.stringify({ schema: PROBE_SCHEMA, ...health }, null, 2)}\n`;
    case 'nagios':
      return nagiosLine(health);
    case 'prometheus':
      return prometheusText(health);
  }
}

function textOf(health: Health): string {
  const { target, state, problems } = health;
  return [
    `${target}: ${state}, ${summaryOf(health)}`,
    ...problems.map(({ state: how, kind, message }) => `  ${how}: ${printable(message)} (${kind})`),
    '',
  ].join('\n');
}

function summaryOf({ count, latencyMs, reachable }: Health): string {
  if (!reachable) return 'not reachable';
  const took = latencyMs === null ? '' : `, ${latencyMs.toFixed(1)} ms`;
  return count === null ? `no count${took}` : `counts ${count}${took}`;
}

/** The first line of a plugin's output (Monitoring Plugins guidelines): state, text, performance data behind a bar. */
function nagiosLine(health: Health): string {
  const { target, state, problems } = health;
  const words = problems.length === 0 ? summaryOf(health) : problems.map(({ message }) => message).join('; ');
  // A bar would begin the performance data.
  const text = printable(`KMS ${state.toUpperCase()} - ${target} ${words}`).replaceAll('|', '/');
  const data = performanceData(health);
  return `${text}${data === '' ? '' : ` | ${data}`}\n`;
}

function performanceData({ count, latencyMs, thresholds, records }: Health): string {
  const { minCount, warnMs, critMs } = thresholds;
  return [
    ...(count === null ? [] : [`count=${count};${minCount}:;;0`]),
    ...(latencyMs === null ? [] : [`time=${seconds(latencyMs)}s;${warnMs / 1000};${critMs / 1000};0`]),
    ...(records === null ? [] : [`srv_missing=${records.missing};0;;0`, `srv_stray=${records.stray};0;;0`]),
  ].join(' ');
}

const seconds = (ms: number): string => (ms / 1000).toFixed(6);

/** UNKNOWN, where the probe itself could not do its work. */
export const nagiosUnknown = (problem: string): string =>
  `KMS UNKNOWN - ${printable(problem).replaceAll('|', '/')}\n`;

export const nagiosCode = (state: State): number => STATES[state];

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly value: number | null;
}

/** The text format of Prometheus 0.0.4, for a textfile collector; a metric that has no value is left out. */
function prometheusText(health: Health): string {
  const { target, state, count, latencyMs, reachable, records } = health;
  const metrics: readonly Metric[] = [
    { name: 'kms_probe_success', help: 'Whether nothing is to be alerted on', value: state === 'ok' ? 1 : 0 },
    { name: 'kms_probe_state', help: '0 ok, 1 warning, 2 critical', value: STATES[state] },
    { name: 'kms_probe_reachable', help: 'Whether the host answered at all', value: reachable ? 1 : 0 },
    { name: 'kms_probe_count', help: 'Machines that the host counts', value: count },
    {
      name: 'kms_probe_duration_seconds',
      help: 'From connecting to the answer',
      value: latencyMs === null ? null : Number(seconds(latencyMs)),
    },
    { name: 'kms_probe_srv_missing', help: 'Hosts without SRV record', value: records?.missing ?? null },
    {
      name: 'kms_probe_srv_stray',
      help: 'SRV records that should not be there',
      value: records?.stray ?? null,
    },
  ];
  const labels = `{target="${labelValue(target)}"}`;
  return metrics
    .filter(({ value }) => value !== null)
    .flatMap(({ name, help, value }) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} gauge`,
      `${name}${labels} ${value}`,
    ])
    .concat('')
    .join('\n');
}

const labelValue = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

/** One line of output, whatever a host or DNS put into it. */
const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ');
