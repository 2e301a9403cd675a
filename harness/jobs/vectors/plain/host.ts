/** What of a profile bears on the count. */
export interface CountingProfile {
  readonly countsVirtualMachines: boolean;
  readonly countSurvivesRestart: boolean;
}

export interface CountedRequest {
  readonly applicationId: string;
  readonly clientMachineId: string;
  readonly requiredClientCount: number;
  readonly virtual: boolean;
}

interface Table {
  readonly capacity: number;
  /** From the oldest request to the newest. */
  readonly records: readonly { readonly clientMachineId: string; readonly atMs: number }[];
}

/** All that a host remembers, by application. */
export type PlainHost = Readonly<Record<string, Table>>;

export const EMPTY_HOST: PlainHost = {};

const LIFETIME_MS = 30 * 24 * 3600 * 1000;

/** How a conforming host takes a granted request (docs/vectors.md, "Counting"), as naively as it is written down there. */
export function grant(
  host: PlainHost,
  { applicationId, clientMachineId, requiredClientCount, virtual }: CountedRequest,
  nowMs: number,
  profile: CountingProfile,
): { readonly host: PlainHost; readonly count: number } {
  const before = host[applicationId] ?? { capacity: 0, records: [] };
  const live = before.records.filter(({ atMs }) => nowMs - atMs <= LIFETIME_MS);
  if (virtual && !profile.countsVirtualMachines) {
    return { host: { ...host, [applicationId]: { ...before, records: live } }, count: live.length };
  }
  const capacity = Math.max(before.capacity, 2 * Math.max(requiredClientCount, 1));
  const others = live.filter((record) => record.clientMachineId !== clientMachineId);
  const room = others.length >= capacity ? others.slice(1) : others;
  const records = [...room, { clientMachineId, atMs: nowMs }];
  return { host: { ...host, [applicationId]: { capacity, records } }, count: records.length };
}

export function control(host: PlainHost, what: 'reset' | 'restart', profile: CountingProfile): PlainHost {
  return what === 'restart' && profile.countSurvivesRestart ? host : EMPTY_HOST;
}
