import { SERVER_THRESHOLD } from '../../protocol';
import type { Discovery, DiscoveryVerdict } from '../../reports/model';
import { formatEndpoint } from '../client/endpoint';
import { isPublicAddress } from './addresses';
import { withoutDot } from './lookup';
import type { AddressProbe, AddressProbes } from './probes';
import type { PublishedDomain, PublishedHost } from './published-hosts';

export type JudgedDomain = Discovery['domains'][number];
export type JudgedHost = JudgedDomain['hosts'][number];

/** Hosts that a domain should publish: names, `name:port` or addresses; null where nobody said. */
export type ExpectedHosts = readonly string[] | null;

/**
 * Judges what a domain publishes. With `expected`, a host that answers and is not among them is rogue; without, one
 * that stays below every threshold is: accidental hosts share the clients, so that none of them ever activates one
 * (licensing-mistakes). A host that is expected and below is told to be a spare.
 */
export function judgeDomain(
  published: PublishedDomain,
  probes: AddressProbes,
  expected: ExpectedHosts,
): JudgedDomain {
  const { domain, server, hosts, warnings } = published;
  const lowest = Math.min(...hosts.map(({ priority }) => priority));
  const missing = missingHosts(hosts, expected).map((name) => `${name} is expected, and not published`);
  return {
    domain,
    resolver: server,
    hosts: hosts.map((host) => judgeHost(host, probesOf(host, probes), expected, lowest)),
    warnings: [...warnings, ...missing],
  };
}

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

/** True where `expected` names the host: by name, by name and port, or by one of its addresses. */
export function isExpected(host: PublishedHost, expected: readonly string[]): boolean {
  const names = [host.target, ...host.addresses].map((name) => name.toLowerCase());
  const wanted = new Set(expected.map((name) => withoutDot(name.toLowerCase())));
  return names.some(
    (name) => wanted.has(name) || wanted.has(formatEndpoint({ host: name, port: host.port })),
  );
}

/** Expected hosts that no record names. */
export function missingHosts(hosts: readonly PublishedHost[], expected: ExpectedHosts): string[] {
  return (expected ?? []).filter((name) => !hosts.some((host) => isExpected(host, [name])));
}

function judgeHost(
  host: PublishedHost,
  probed: readonly ProbedAddress[],
  expected: ExpectedHosts,
  lowestPriority: number,
): JudgedHost {
  const main = mainVerdict(host, probed, expected);
  const publicOnes = host.addresses.filter(isPublicAddress);
  const verdicts: DiscoveryVerdict[] = [...main.verdicts];
  const messages = [...main.messages];
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

function mainVerdict(host: PublishedHost, probed: readonly ProbedAddress[], expected: ExpectedHosts): Main {
  if (probed.length === 0) return { verdicts: ['dangling'], messages: ['the name has no address'] };
  const stray = expected !== null && !isExpected(host, expected);
  const failures = probed.filter(({ probe }) => probe.kind === 'unreachable' || probe.kind === 'no-kms');
  const answer = bestAnswer(probed);
  if (answer !== undefined) {
    const { verdict, messages } = judgeCount(answer.response.currentClientCount, stray, expected);
    const rest = failures.length > 0 ? (['unreachable'] as const) : [];
    return { verdicts: [verdict, ...rest], messages: [...messages, ...failures.map(describe)] };
  }
  const note = stray ? ['nor is it expected'] : [];
  const refusal = probed.find(({ probe }) => probe.kind === 'refused');
  if (refusal !== undefined) return { verdicts: ['refused'], messages: [describe(refusal), ...note] };
  if (failures.length > 0)
    return { verdicts: ['unreachable'], messages: [...failures.map(describe), ...note] };
  return {
    verdicts: ['not-probed'],
    messages: [...notProbed(probed), ...(stray ? ['it is not expected'] : [])],
  };
}

function judgeCount(
  count: number,
  stray: boolean,
  expected: ExpectedHosts,
): { verdict: DiscoveryVerdict; messages: string[] } {
  const isBelow = count < SERVER_THRESHOLD;
  const below = `counts ${count}, below every threshold: it activates nobody`;
  if (stray)
    return { verdict: 'rogue', messages: ['it answers, and is not expected', ...(isBelow ? [below] : [])] };
  if (!isBelow) return { verdict: 'right', messages: [] };
  return expected === null
    ? { verdict: 'rogue', messages: [`${below}; a rogue host, or a new one (name it in expectedHosts)`] }
    : { verdict: 'right', messages: [`${below}; a spare, or a new one`] };
}

function notProbed(probed: readonly ProbedAddress[]): string[] {
  return probed.some(({ probe }) => probe.kind === 'not-allowed')
    ? ['not on this machine: --allow-remote asks it too, which counts for 30 days']
    : [];
}

const describe = ({ address, probe }: ProbedAddress): string =>
  `${address} ${'message' in probe ? probe.message : ''}`.trim();

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
