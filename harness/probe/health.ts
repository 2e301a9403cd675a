import { formatEndpoint, type Endpoint } from '../client';
import { isExpected, type PublishedDomain } from '../discovery';
import type { ProbeResult } from './ask';

/** How bad it is, as monitoring has it; the numbers are the exit codes of Nagios plugins. */
export const STATES = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const;
export type State = keyof typeof STATES;

/** What the management pack alerts on (volume-activation-article), each a kind of its own. */
export type ProblemKind =
  | 'unreachable' // no connection, or no answer in time
  | 'not-initialised' // it refuses: no key, not activated, or a key for other products
  | 'no-kms' // something else listens there
  | 'wrong-answer' // an answer for another client, or signed with another key
  | 'low-count' // below the threshold that was set
  | 'slow'
  | 'not-published' // no SRV record names it
  | 'stray-record'; // an SRV record of a host that should not be there, or whose name dangles

export interface Problem {
  readonly kind: ProblemKind;
  readonly state: 'warning' | 'critical';
  readonly message: string;
}

export interface Thresholds {
  readonly minCount: number;
  readonly warnMs: number;
  readonly critMs: number;
}

/** What a probe found. */
export interface Health {
  readonly target: string;
  readonly state: State;
  /** The worst first. */
  readonly problems: readonly Problem[];
  readonly reachable: boolean;
  /** Null where there is none. */
  readonly count: number | null;
  readonly latencyMs: number | null;
  readonly ePid: string | null;
  readonly thresholds: Thresholds;
  /** SRV records that are missing and stray, where a domain was looked at. */
  readonly records: { readonly domain: string; readonly missing: number; readonly stray: number } | null;
}

export interface HealthInput {
  readonly endpoint: Endpoint;
  readonly result: ProbeResult;
  readonly thresholds: Thresholds;
  /** Set where a domain was to be looked at. */
  readonly published?: PublishedDomain | undefined;
  /** Hosts that the domain should publish; without, the target alone. */
  readonly expected?: readonly string[] | null;
}

/** Judges one answer and, where there is one, a domain's records. Pure. */
export function judgeHealth(input: HealthInput): Health {
  const { endpoint, result, thresholds, published } = input;
  const records = published === undefined ? null : judgeRecords(published, input);
  const problems = [...answerProblems(result, thresholds), ...(records?.problems ?? [])].sort(
    (a, b) => STATES[b.state] - STATES[a.state],
  );
  const answered = result.kind === 'answered' ? result : null;
  return {
    target: formatEndpoint(endpoint),
    state: problems[0]?.state ?? 'ok',
    problems,
    reachable: result.kind !== 'unreachable',
    count: answered?.response.currentClientCount ?? null,
    latencyMs: 'latencyMs' in result ? result.latencyMs : null,
    ePid: typeof answered?.response.ePid === 'string' ? answered.response.ePid : null,
    thresholds,
    records:
      records === null || published === undefined
        ? null
        : { domain: published.domain, missing: records.missing, stray: records.stray },
  };
}

function answerProblems(result: ProbeResult, thresholds: Thresholds): Problem[] {
  switch (result.kind) {
    case 'unreachable':
      return [{ kind: 'unreachable', state: 'critical', message: result.message }];
    case 'no-kms':
      return [{ kind: 'no-kms', state: 'critical', message: result.message }];
    case 'refused':
      return [
        { kind: 'not-initialised', state: 'critical', message: result.message },
        ...slow(result.latencyMs, thresholds),
      ];
    case 'answered': {
      const { currentClientCount: count } = result.response;
      const wrong = result.defects.map(
        (message): Problem => ({ kind: 'wrong-answer', state: 'critical', message }),
      );
      const low: Problem[] =
        count >= thresholds.minCount
          ? []
          : [
              {
                kind: 'low-count',
                state: 'warning',
                message: `counts ${count}, fewer than ${thresholds.minCount}`,
              },
            ];
      return [...wrong, ...low, ...slow(result.latencyMs, thresholds)];
    }
  }
}

function slow(latencyMs: number, { warnMs, critMs }: Thresholds): Problem[] {
  const took = `took ${latencyMs.toFixed(1)} ms`;
  if (latencyMs >= critMs)
    return [{ kind: 'slow', state: 'critical', message: `${took}, ${critMs} or more` }];
  if (latencyMs >= warnMs) return [{ kind: 'slow', state: 'warning', message: `${took}, ${warnMs} or more` }];
  return [];
}

interface RecordProblems {
  readonly problems: readonly Problem[];
  readonly missing: number;
  readonly stray: number;
}

function judgeRecords(published: PublishedDomain, { endpoint, expected }: HealthInput): RecordProblems {
  const { domain, hosts } = published;
  const wanted = expected ?? [formatEndpoint(endpoint)];
  const missing = wanted.filter((name) => !hosts.some((host) => isExpected(host, [name])));
  // Without a word of what is expected, others may be right as well: only names that dangle are stray then.
  const strays = hosts.filter(
    (host) =>
      host.addresses.length === 0 ||
      (expected !== null && expected !== undefined && !isExpected(host, expected)),
  );
  return {
    missing: missing.length,
    stray: strays.length,
    problems: [
      ...missing.map(
        (name): Problem => ({
          kind: 'not-published',
          state: hosts.length === 0 ? 'critical' : 'warning',
          message: `no SRV record of ${domain} names ${name}`,
        }),
      ),
      ...strays.map(
        ({ target, port, addresses }): Problem => ({
          kind: 'stray-record',
          state: 'warning',
          message: `${domain} publishes ${target}:${port}, ${addresses.length === 0 ? 'which has no address' : 'which is not expected'}`,
        }),
      ),
    ],
  };
}
