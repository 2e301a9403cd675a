import { SERVER_THRESHOLD } from '../../../protocol';
import type { Discovery, DiscoveryVerdict } from '../../../reports/results/model';
import { isIP, isIPv6 } from 'node:net';
import { formatEndpoint } from '../../client/endpoint';
import { isPublicAddress } from '../../target/discovery';
import type { Matching } from '../../target/discovery';
import type { AddressProbe, AddressProbes } from '../../target/discovery';
import type { SrvAnswer, PublishedDomain, PublishedHost } from '../../target/discovery';
import { lacksIpv4, resolutionOf, whyUnresolved } from '../../target/discovery';

/** A domain with its hosts, and what is wrong with it, as reports have it. */
export type JudgedDomain = Discovery['domains'][number];
/** A host that a domain publishes, and what is wrong with it, as reports have it. */
export type JudgedHost = JudgedDomain['hosts'][number];

/** What is known of a domain that is judged. */
export interface JudgeOptions {
  readonly published: PublishedDomain;
  readonly probes: AddressProbes;
  /** Null where nobody said which hosts are right. */
  readonly matching: Matching | null;
  /** Clients go by priority and weight; else they pick any. */
  readonly heedsPriority: boolean;
}

/**
 * Judges what a domain publishes. With expected hosts, one that answers and is not among them is rogue; without, one
 * that stays below every threshold is: accidental hosts share the clients, so that none of them ever activates one
 * (licensing-mistakes). A host that is expected and below is told to be a spare.
 */
export function judgeDomain({ published, probes, matching, heedsPriority }: JudgeOptions): JudgedDomain {
  const { domain, server, srv, hosts, warnings } = published;
  const lowest = heedsPriority ? Math.min(...hosts.map(({ priority }) => priority)) : Infinity;
  const missing = (matching?.missing ?? []).map(({ text }) => text);
  return {
    domain,
    resolver: server,
    verdict: VERDICT_OF[srv.kind],
    hosts: hosts.map((host) => judgeHost(host, probesOf(host, probes), matching, lowest)),
    ...(missing.length === 0 ? {} : { missing }),
    warnings: [
      ...warnings,
      ...(matching?.notes ?? []),
      ...missing.map(
        (name) => `${name} is expected, and ${srv.kind === 'failed' ? 'not known to be' : 'not'} published`,
      ),
    ],
  };
}

const VERDICT_OF: Readonly<Record<SrvAnswer['kind'], NonNullable<JudgedDomain['verdict']>>> = {
  found: 'published',
  none: 'not-published',
  'not-available': 'not-available',
  failed: 'cannot-resolve',
};

export interface ProbedAddress {
  readonly address: string;
  readonly probe: AddressProbe;
}

export function probesOf({ addresses, port }: PublishedHost, probes: AddressProbes): ProbedAddress[] {
  return addresses.map((address) => ({
    address,
    probe: probes.get(formatEndpoint({ host: address, port })) ?? { kind: 'not-asked' },
  }));
}

function judgeHost(
  host: PublishedHost,
  probed: readonly ProbedAddress[],
  matching: Matching | null,
  lowestPriority: number,
): JudgedHost {
  const main = mainVerdict(host, probed, matching);
  const publicOnes = host.addresses.filter(isPublicAddress);
  const verdicts: DiscoveryVerdict[] = [...main.verdicts];
  const messages = [...main.messages];
  if (lacksIpv4(host)) {
    verdicts.push('cannot-resolve');
    messages.push('IPv4 clients do not find it');
  }
  if (host.alias !== null) {
    verdicts.push('alias');
    messages.push(`it is an alias of ${host.alias}`);
  }
  if (main.verdicts.includes('right') && host.priority > lowestPriority) {
    verdicts.push('low-priority');
    messages.push(`clients ask it after those of priority ${lowestPriority}`);
  }
  if (publicOnes.length > 0) {
    verdicts.push('public-address');
    messages.push(`${publicOnes.join(', ')} can be reached from the Internet`);
  }
  const answer = bestAnswer(probed);
  return {
    name: host.target,
    port: host.port,
    priority: host.priority,
    weight: host.weight,
    addresses: [...host.addresses],
    verdicts,
    ...(messages.length === 0 ? {} : { message: messages.join('; ') }),
    ...(answer === undefined
      ? {}
      : { count: answer.response.currentClientCount, latencyMs: round(answer.latencyMs) }),
  };
}

interface Main {
  readonly verdicts: readonly DiscoveryVerdict[];
  readonly messages: readonly string[];
}

function mainVerdict(host: PublishedHost, probed: readonly ProbedAddress[], matching: Matching | null): Main {
  const stray = matching !== null && matching.of(host) === undefined;
  const note = stray ? ['nor is it expected'] : [];
  switch (resolutionOf(host)) {
    case 'dangling':
      return { verdicts: ['dangling'], messages: [whyDangling(host), ...note] };
    case 'cannot-resolve':
      return { verdicts: ['cannot-resolve'], messages: [whyUnresolved(host), ...note] };
    case 'resolved':
      return askedVerdict(probed, stray, matching);
  }
}

const whyDangling = ({ target, alias }: PublishedHost): string => {
  if (isIP(target) !== 0) return 'the record holds an address where a name must stand: clients cannot use it';
  return alias === null ? 'the name has no address' : `the name leads to ${alias}, which has no address`;
};

function askedVerdict(probed: readonly ProbedAddress[], stray: boolean, matching: Matching | null): Main {
  const failures = probed.filter(({ probe }) => probe.kind === 'unreachable' || probe.kind === 'no-kms');
  const refusals = probed.filter(({ probe }) => probe.kind === 'refused');
  const unasked = probed.filter(({ probe }) => probe.kind === 'not-allowed' || probe.kind === 'not-asked');
  const wrong = probed.filter(hasDefects);
  const answer = bestAnswer(probed.filter((one) => !hasDefects(one)));
  const verdicts: DiscoveryVerdict[] = [];
  const messages: string[] = [];
  if (answer !== undefined) {
    const judged = judgeCount(answer.response.currentClientCount, stray, matching);
    verdicts.push(judged.verdict);
    messages.push(...judged.messages);
  }
  if (wrong.length > 0) verdicts.push('wrong-answer');
  if (refusals.length > 0) verdicts.push('refused');
  if (failures.length > 0) verdicts.push('unreachable');
  if (unasked.length > 0) verdicts.push('not-probed');
  messages.push(...[...wrong, ...refusals, ...failures].map(describe), ...notProbed(unasked));
  if (stray && answer === undefined)
    messages.push(messages.length > 0 ? 'nor is it expected' : 'it is not expected');
  return { verdicts, messages };
}

function judgeCount(
  count: number,
  stray: boolean,
  matching: Matching | null,
): { verdict: DiscoveryVerdict; messages: string[] } {
  const isBelow = count < SERVER_THRESHOLD;
  const below = `counts ${count}, below every threshold: it activates nobody`;
  if (stray)
    return { verdict: 'rogue', messages: ['it answers, and is not expected', ...(isBelow ? [below] : [])] };
  if (!isBelow) return { verdict: 'right', messages: [] };
  return matching === null
    ? { verdict: 'rogue', messages: [`${below}; a rogue host, or a new one (name it in expectedHosts)`] }
    : { verdict: 'right', messages: [`${below}; a spare, or a new one`] };
}

function notProbed(probed: readonly ProbedAddress[]): string[] {
  return probed.some(({ probe }) => probe.kind === 'not-allowed')
    ? ['not on this machine: --allow-remote asks it too, which counts for 30 days']
    : [];
}

/** An answer that is another client's, or signed with another key, is none that activates. */
const hasDefects = ({ probe }: ProbedAddress): boolean =>
  probe.kind === 'answered' && probe.defects.length > 0;

/** In brackets, IPv6 is no command of a CI system at the start of a line (`::1 …`). */
const describe = ({ address, probe }: ProbedAddress): string =>
  `${isIPv6(address) ? `[${address}]` : address} ${whatOf(probe)}`;

function whatOf(probe: AddressProbe): string {
  if (probe.kind === 'answered') return probe.defects.join(', ');
  return 'message' in probe ? probe.message : '';
}

/** Of the addresses that answered, the one with the highest count: they may be several hosts behind one name. */
function bestAnswer(
  probed: readonly ProbedAddress[],
): Extract<AddressProbe, { kind: 'answered' }> | undefined {
  return probed
    .map(({ probe }) => probe)
    .filter((probe) => probe.kind === 'answered')
    .sort((a, b) => b.response.currentClientCount - a.response.currentClientCount)[0];
}

const round = (ms: number): number => Math.round(ms * 1000) / 1000;
