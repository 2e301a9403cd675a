import type { KmsResponse } from '../../../../protocol';
import type { ProbeResult } from '../../../client/ask-once';
import {
  readExpected,
  type Failed,
  matchExpected,
  type PublishedDomain,
  type PublishedHost,
} from '../../../target/discovery';
import type { Health, Problem, Role, Thresholds } from '../health';
import { judgeHealth, type WatchedDomain } from '../judge-health';
import type { AskedHost } from '../judge-host';
import { atLeast } from '../ranges';

/** Parts that a probe is judged by, made for tests. */
export const thresholds: Thresholds = { warnCount: atLeast(25), critCount: null, warnMs: 100, critMs: 500 };

export const answered = (count: number, latencyMs = 2.5, defects: string[] = []): ProbeResult => ({
  ...{ kind: 'answered', latencyMs, defects },
  response: { currentClientCount: count, ePid: '55041-00206' } as KmsResponse,
});
export const down: ProbeResult = { kind: 'unreachable', message: 'refused the connection' };
export const refused: ProbeResult = {
  ...{ kind: 'refused', latencyMs: 1, message: 'refuses with 0xC004D104', hresult: 0xc004d104 },
};

/** A host by the result of its one address, or of several. */
export function hostOf(
  host: string,
  results: ProbeResult | Readonly<Record<string, AskedHost['results'][number]['probe']>>,
  more: { role?: Role; domain?: string | null; problems?: readonly Problem[] } = {},
): AskedHost {
  const byAddress = 'kind' in results ? { '10.0.0.1': results as ProbeResult } : results;
  return {
    ...{ host, via: null, role: 'published', domain: 'corp.example', problems: [] },
    addresses: Object.keys(byAddress),
    results: Object.entries(byAddress).map(([address, probe]) => ({ address, probe })),
    ...more,
  };
}

export const targetOf = (result: ProbeResult, host = '10.0.0.1:1688'): AskedHost => ({
  ...{ host, via: null, role: 'target', domain: null, problems: [], addresses: ['10.0.0.1'] },
  results: [{ address: null, probe: result }],
});

export const record = (target: string, address: string | null): PublishedHost => ({
  ...{ target, port: 1688, priority: 0, weight: 0, alias: null, aliases: [], failures: [] },
  addresses: address === null ? [] : [address],
});

export const failedLookup: Failed = {
  ...{ kind: 'failed', how: 'server-failure', server: '127.0.0.1:53', type: 'SRV', aliases: [], partial: [] },
  ...{ name: '_vlmcs._tcp.corp.example', problem: 'the server failed (SERVFAIL)' },
};

/** `corp.example` with these records, and hosts that are expected of it. */
export async function watched(
  hosts: readonly PublishedHost[],
  expected: readonly string[] | null = null,
  srv: PublishedDomain['srv'] = hosts.length === 0 ? { kind: 'none', why: 'no-records' } : { kind: 'found' },
): Promise<WatchedDomain> {
  const warnings =
    srv.kind === 'failed' ? [`DNS SRV ${failedLookup.name}, asked of ${failedLookup.server}: SERVFAIL`] : [];
  const published = { ...{ domain: 'corp.example', server: '127.0.0.1:53', srv, hosts, warnings } };
  const matching = await matchExpected(
    published,
    (expected ?? []).map((text) => readExpected(text)),
    null,
  );
  return { published, matching, isExclusive: expected !== null };
}

export const judge = (
  hosts: readonly AskedHost[],
  domains: readonly WatchedDomain[] = [],
  more: Partial<Thresholds> = {},
): Health => judgeHealth({ hosts, domains, thresholds: { ...thresholds, ...more } });

export const kindsOf = ({ problems }: { readonly problems: readonly Problem[] }): string[] =>
  problems.map(({ kind, state }) => `${kind} ${state}`);
