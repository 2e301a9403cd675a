import type { AskedAddress, DomainSurvey } from './domain-survey';
import { inconclusive } from '../../harness/jobs/suite/verdict';
import { SERVER_THRESHOLD } from '../../protocol';

/** Addresses of published hosts that were asked. */
export async function asked(domains: DomainSurvey): Promise<readonly AskedAddress[]> {
  return (await domains.asked()).filter(
    ({ probe }) => probe.kind !== 'not-allowed' && probe.kind !== 'not-asked',
  );
}

/** An address with what it did with a good request: `kms02.corp.example:1688 refused the connection …`. */
export function inReply({ label, probe }: AskedAddress): string {
  return `${label} ${'message' in probe ? probe.message : 'answers'}`;
}

/** For the end of a scenario that found nothing wrong: what it could not look at keeps it from passing. */
export async function expectAllKnown(domains: DomainSurvey, more: readonly string[] = []): Promise<void> {
  const open = [...(await domains.unknown()), ...more];
  if (open.length > 0) inconclusive(open.join('; '));
  if ((await domains.hosts()).length === 0) inconclusive('the domains publish no host');
}

/** The same for one that asks the hosts. */
export async function expectAllAsked(domains: DomainSurvey): Promise<void> {
  const addresses = await domains.asked();
  const remote = addresses.filter(({ probe }) => probe.kind === 'not-allowed');
  await expectAllKnown(
    domains,
    remote.map(
      ({ label }) => `${label} is not on this machine: --allow-remote asks it too, and changes its count`,
    ),
  );
  if (addresses.length === 0) inconclusive('the domains publish no host with an address');
}

/** What there is to tell of hosts that answer and activate nobody. */
export async function spares(domains: DomainSurvey): Promise<string[]> {
  return (await asked(domains)).flatMap(({ label, probe }) => {
    const count = probe.kind === 'answered' ? probe.response.currentClientCount : SERVER_THRESHOLD;
    if (count >= SERVER_THRESHOLD) return [];
    return [`${label} counts ${count}, below every threshold: a rogue host, a spare, or a new one`];
  });
}

/** A host whose counting can be watched. */
export interface CountingHost {
  readonly label: string;
  /** Its count, by a renewal that does not change it. */
  count(): Promise<number>;
  /** Lets it count one machine more; how far its count rose. */
  countNewMachine(): Promise<number>;
}

/** Two hosts that answer, at different addresses or ports. */
export async function countingHosts(domains: DomainSurvey): Promise<readonly [CountingHost, CountingHost]> {
  const seen = new Map<string, AskedAddress>();
  for (const address of await asked(domains)) {
    const { probe, endpoint } = address;
    if (probe.kind === 'answered') seen.set(`${endpoint.host} ${endpoint.port}`, address);
  }
  const [first, second] = [...seen.values()];
  if (first === undefined || second === undefined) {
    await expectAllAsked(domains);
    return inconclusive('needs two hosts that answer');
  }
  return [counting(domains, first), counting(domains, second)];
}

function counting(domains: DomainSurvey, host: AskedAddress): CountingHost {
  const count = async (clientMachineId?: string): Promise<number> => {
    const result = await domains.ask(host, clientMachineId);
    if (result.kind === 'answered') return result.response.currentClientCount;
    return inconclusive(`${host.label} answered before, and now ${result.message}`);
  };
  return {
    label: host.label,
    count,
    countNewMachine: async () => {
      const before = await count();
      return (await count(domains.newClientMachineId())) - before;
    },
  };
}
