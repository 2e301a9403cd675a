import { escapeTerminal } from '../../../reports/escape/terminal';
import { columns } from '../../../reports/text/columns';
import { formatEndpoint } from '../../client';
import type { JudgedDomain, JudgedHost } from './judge';

const HEADER = ['verdict', 'priority', 'weight', 'host', 'addresses', 'count', 'ms'];

/** A domain as a table for people: a row a host in the order of its rank, what is to be said of it below. */
export function discoveryTable({ domain, resolver, hosts, warnings = [] }: JudgedDomain): string[] {
  const [header, ...rows] = columns([HEADER, ...hosts.map(cells)], { indent: '  ' });
  return [
    escapeTerminal(
      `${domain}, asked of ${resolver ?? 'DNS'}: ${hosts.length} published ${hosts.length === 1 ? 'host' : 'hosts'}`,
    ),
    ...(rows.length === 0 ? [] : [header!]),
    ...hosts.flatMap((host, i) => [
      rows[i]!,
      ...(host.message === undefined ? [] : [`      ${escapeTerminal(host.message)}`]),
    ]),
    ...warnings.map((warning) => `  ! ${escapeTerminal(warning)}`),
  ];
}

function cells({
  verdicts,
  priority,
  weight,
  name,
  port,
  addresses,
  count,
  latencyMs,
}: JudgedHost): string[] {
  return [
    verdicts.join(', '),
    String(priority),
    String(weight),
    escapeTerminal(formatEndpoint({ host: name, port })),
    addresses.length === 0 ? '-' : addresses.join(' '),
    count === undefined || count === null ? '-' : String(count),
    latencyMs === undefined ? '-' : latencyMs.toFixed(1),
  ];
}
