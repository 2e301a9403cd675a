import type { Mac, ProductKey } from '../../../protocol';
import type { ConnectionObserver } from '../../client/observer';
import type { Clock } from '../../support/clock';
import { dnsLookup, type ExpectedHosts, findTarget, type FoundHost } from '../../target/discovery';
import type { Profile } from '../../model/profile';
import type { Random } from '../../support/random';
import { isLoopbackAddress } from '../../target';
import { ask } from '../../client/ask-once';
import { LocalLimits } from '../../support/local-limits';
import { beyondLimits } from './beyond-limits';
import { checkHealth } from './check';
import type { Health, Thresholds } from './health';
import { targetHost } from './target-host';

/** Which hosts and domains a probe asks, and how long it waits (ms). */
export interface ProbePlan {
  /** Hosts by name or address, as for `--target`. */
  readonly targets: readonly string[];
  /** Domains whose hosts are all to be asked. */
  readonly domains: readonly string[];
  readonly expected: ExpectedHosts;
  /** DNS server; the system's without it. */
  readonly dns: string | undefined;
  /** For all lookups of a domain or name together, in ms. */
  readonly lookupTimeoutMs: number;
  /** For each answer of a host, in ms. */
  readonly timeoutMs: number;
  readonly allowRemote: boolean;
  readonly thresholds: Thresholds;
  /** How clients go about the hosts of a domain. */
  readonly profile: Profile;
  readonly random: Random;
  readonly clock: Clock;
  readonly clientMachineId: string;
  readonly product: ProductKey;
  readonly sign?: Mac | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly observer?: ConnectionObserver | undefined;
}

/**
 * Asks what the plan names, each host once, and says how all is. Hosts and lookups that fail are part of the answer.
 * @throws UsageError for a target that is none, or remote without permission; HostFailure `interrupted`
 */
export async function runProbe(plan: ProbePlan): Promise<Health> {
  const limits = new LocalLimits();
  const { dns, lookupTimeoutMs, allowRemote, domains } = plan;
  const lookup = dnsLookup({ server: dns, timeoutMs: lookupTimeoutMs, signal: plan.signal });
  const domain = domains.length === 1 ? domains[0]! : null;
  const find = (of: string): Promise<FoundHost> => findTarget({ ...plan, domain: of, lookup });
  const naming = { allowRemote, lookup: dns === undefined ? null : lookup, domain, find };
  const targets = await Promise.all(plan.targets.map((text) => targetHost(text, naming)));
  const health = await checkHealth({
    ...plan,
    targets: [...new Map(targets.map((target) => [target.label, target])).values()],
    lookup,
    ask: (endpoint) => ask({ ...plan, endpoint }),
    mayAsk: (address) => allowRemote || isLoopbackAddress(address),
  });
  return beyondLimits(health, limits.met);
}

/** Codes of a probe but for Nagios: those of the command line. */
export const PROBE_EXIT = { ok: 0, alert: 1, usage: 2, unreachable: 3, inconclusive: 4 } as const;

/** 0 well, 1 an alert, 3 where a target, all hosts or DNS gave no answer, or there is no host, 2 where permission alone was missing, 4 where this machine did not suffice. */
export function probeExitCode({ state, hosts }: Health, limits: readonly string[] = []): number {
  if (state === 'ok') return PROBE_EXIT.ok;
  if (limits.length > 0) return PROBE_EXIT.inconclusive;
  if (hosts.length > 0 && hosts.every(isForbidden)) return PROBE_EXIT.usage;
  const isLost = hosts.some(({ role, reachable }) => role === 'target' && reachable !== true);
  const noneAnswers = hosts.every(({ reachable }) => reachable !== true);
  return state === 'unknown' || isLost || noneAnswers ? PROBE_EXIT.unreachable : PROBE_EXIT.alert;
}

/** Of several addresses one may be of this machine: then the host was asked. */
const isForbidden = ({ reachable, problems }: Health['hosts'][number]): boolean =>
  reachable === null && problems.some(({ kind }) => kind === 'not-asked');
