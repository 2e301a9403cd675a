import { jsonText as writtenJson } from '../../../../reports/escape/json';
import type { Health } from '../health';
import { onlyHost, problemsOf, subjectOf } from './words';

/** Name and version of the JSON that a probe gives. */
export const PROBE_SCHEMA = 'kmsspec.probe/1';

/** Everything; of a probe that asked one host, its measurements stand at the top too. */
export function jsonText(health: Health): string {
  const { state, hosts, domains, thresholds } = health;
  const one = hosts.length === 1 ? hosts[0]! : null;
  const { warnCount, critCount, warnMs, critMs } = thresholds;
  const isMinimum = warnCount.end === Infinity && !warnCount.inverted;
  const [domain] = domains;
  return print({
    success: state === 'ok',
    target: onlyHost(health)?.host ?? subjectOf(health),
    state,
    problems: problemsOf(health),
    reachable: hosts.some(({ reachable }) => reachable === true),
    count: one?.count ?? null,
    latencyMs: one?.latencyMs ?? null,
    ePid: one?.ePid ?? null,
    thresholds: {
      minCount: isMinimum ? warnCount.start : null,
      ...{ warnCount: warnCount.text, critCount: critCount?.text ?? null, warnMs, critMs },
    },
    records:
      domain === undefined ? null : { domain: domain.domain, missing: domain.missing, stray: domain.stray },
    hosts,
    domains,
  });
}

export const jsonFailure = (problem: string): string =>
  print({
    success: false,
    target: null,
    state: 'unknown',
    problems: [{ kind: 'no-result', state: 'unknown', message: problem, host: null }],
    ...{ reachable: false, count: null, latencyMs: null, ePid: null, thresholds: null, records: null },
    ...{ hosts: [], domains: [] },
  });

const print = (content: Readonly<Record<string, unknown>>): string =>
  `${writtenJson({ schema: PROBE_SCHEMA, ...content }, 2)}\n`;
