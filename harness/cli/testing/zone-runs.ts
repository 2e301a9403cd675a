import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReport, type Report } from '../../../reports/results/model';
import { FORMATS } from '../../jobs/probe/formats';
import type { IllZone } from '../../testing/ill-zones';
import { runInProcess } from './in-process';

/** For zones in which something is waited for in vain, and for the others: a busy machine is no failure. */
const SHORT_MS = 800;
const LONG_MS = 10_000;

/** What each tool made of a zone, as the page has it. */
export const COLUMNS = ['discover', 'probe', 'probe, Nagios', '--target .DOMAIN', 'run DNS'] as const;
export type Cells = Readonly<Record<(typeof COLUMNS)[number], string>>;

/** Where a zone is served. */
export interface ServedZone {
  readonly zone: IllZone;
  readonly domain: string;
  /** As for `--dns`. */
  readonly dns: string;
}

const common = ({ zone, dns }: ServedZone): string[] => [
  ...['--dns', dns, '--timeout', String(zone.waits === true ? SHORT_MS : LONG_MS)],
  ...(zone.profile === undefined ? [] : ['--profile', zone.profile]),
];
const expecting = ({ zone }: ServedZone): string[] =>
  zone.expect === undefined ? [] : ['--expect', zone.expect.join(',')];

/** Exit code and verdicts. */
export async function discoverCell(served: ServedZone): Promise<string> {
  const argv = ['discover', served.domain, ...common(served), ...expecting(served), '--json', '-'];
  const { exitCode, stdout, stderr } = await runInProcess(argv);
  if (exitCode === 2) throw new Error(stderr);
  const [domain] = parseReport(stdout).discovery!.domains;
  const verdicts = [
    ...(domain!.verdict === 'published' ? [] : [domain!.verdict!]),
    ...(domain!.missing === undefined ? [] : ['missing']),
    ...new Set(domain!.hosts.flatMap(({ verdicts: own }) => own)),
  ];
  return `${exitCode}: ${verdicts.join(', ')}`;
}

interface ProbeJson {
  readonly success: boolean;
  readonly state: string;
}

/** What every format but that of Nagios exits with, and the state that each of them tells. */
async function probeCell(served: ServedZone): Promise<string> {
  const told = new Set<string>();
  for (const format of FORMATS.filter((name) => name !== 'nagios')) {
    const { exitCode, stdout, stderr } = await runInProcess(probeWords(served, format));
    if (stdout === '') throw new Error(`${format} says nothing: ${stderr}`);
    told.add(`${exitCode}: ${stateIn(stdout, format)}`);
  }
  // PRTG and Prometheus tell the same state in their own way: see stateIn.
  if (told.size !== 1) throw new Error(`the formats differ: ${[...told].join('; ')}`);
  return [...told][0]!;
}

const probeWords = (served: ServedZone, format: string): string[] => [
  ...['probe', '--domain', served.domain, '--format', format, '--warn-ms', '60000', '--crit-ms', '60000'],
  ...common(served),
  ...expecting(served),
];

const STATE_NAMES = ['ok', 'warning', 'critical', 'unknown'];

function stateIn(text: string, format: (typeof FORMATS)[number]): string {
  switch (format) {
    case 'json': {
      const { success, state } = JSON.parse(text) as ProbeJson;
      if (success !== (state === 'ok')) throw new Error(text);
      return state;
    }
    case 'prometheus': {
      const value = /^kms_probe_state\{domain="[^"]+",host=""\} (\d)$/m.exec(text)?.[1];
      const success = /^kms_probe_success\{domain="[^"]+",host=""\} (\d)$/m.exec(text)?.[1];
      if ((success === '1') !== (value === '0')) throw new Error(text);
      return STATE_NAMES[Number(value)] ?? text;
    }
    case 'prtg': {
      const { prtg } = JSON.parse(text) as {
        prtg: { error?: number; result?: { channel: string; value: number }[] };
      };
      if (prtg.error === 1) return 'unknown';
      return STATE_NAMES[prtg.result!.find(({ channel }) => channel === 'State')!.value]!;
    }
    case 'text':
      return /: (ok|warning|critical|unknown), /.exec(text)?.[1] ?? text;
    case 'nagios':
      return /^KMS (\w+) - /.exec(text)?.[1]?.toLowerCase() ?? text;
  }
}

export async function nagiosCell(served: ServedZone): Promise<string> {
  const { exitCode, stdout } = await runInProcess(probeWords(served, 'nagios'));
  return `${exitCode}: ${stateIn(stdout, 'nagios')}`;
}

/** A verb that takes any host, sent to the domain. */
async function targetCell(served: ServedZone): Promise<string> {
  const argv = ['load', '--rate', '1', '--duration', '1s', '--threads', '0', '--seed', '1'];
  const { exitCode } = await runInProcess([...argv, '--target', `.${served.domain}`, ...common(served)]);
  return String(exitCode);
}

/** Exit code, and the requirements that fail or stay open. */
async function runCell(served: ServedZone): Promise<string> {
  const { zone, domain, dns } = served;
  const folder = mkdtempSync(join(tmpdir(), 'kmsspec-zone-'));
  try {
    const config = join(folder, 'config.json');
    writeFileSync(config, JSON.stringify({ domains: [domain], dns, expectedHosts: zone.expect }));
    const argv = ['run', 'DNS', '--config', config, '--json', '-', '--seed', '1', ...common(served)];
    const { exitCode, stdout, stderr } = await runInProcess(argv);
    if (exitCode === 2) throw new Error(stderr);
    return `${exitCode}: ${outcomesIn(parseReport(stdout))}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function outcomesIn({ results }: Report): string {
  const of = (outcome: string): string =>
    results
      .filter((result) => result.outcome === outcome)
      .map(({ id }) => id.replace('DNS-', ''))
      .sort()
      .join(' ');
  const parts = [
    ['fails', of('failed')],
    ['open', of('inconclusive')],
  ] as const;
  const told = parts.filter(([, ids]) => ids !== '').map(([word, ids]) => `${word} ${ids}`);
  return told.length === 0 ? 'all hold' : told.join('; ');
}

/** Everything, one after the other: the last ones change what the hosts count. */
export async function zoneCells(served: ServedZone): Promise<Cells> {
  return {
    discover: await discoverCell(served),
    probe: await probeCell(served),
    'probe, Nagios': await nagiosCell(served),
    '--target .DOMAIN': await targetCell(served),
    'run DNS': await runCell(served),
  };
}
