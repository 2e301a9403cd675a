import { type CountedRequest, RECORD_LIFETIME_MS } from '../model/counting-model';
import type { Profile } from '../model/profile';

/** What a host remembers for one application. */
export interface CountTable {
  /** What a machine is recorded under to the time of its last request (ms since 1970), from the oldest request to the newest. */
  readonly records: Map<string, number>;
  /** How many records it may hold. */
  capacity: number;
}

/** A request on its way into the table that it belongs to. */
export interface CountEntry<R extends CountedRequest = CountedRequest> {
  readonly request: R;
  readonly table: CountTable;
  /** What the machine is recorded under. */
  readonly key: string;
  readonly nowMs: number;
  /** Records that were there before, less those that have expired. */
  readonly sizeBefore: number;
}

/** The tables of a host, as the rules may touch them. */
export interface CountTables<R extends CountedRequest = CountedRequest> {
  /** Key of a table to what it holds. */
  readonly tables: ReadonlyMap<string, CountTable>;
  /** Makes room for a request and places its record. */
  record(entry: CountEntry<R>): void;
  /** Places a record: the newest, in the room that there is. */
  place(entry: CountEntry<R>): void;
}

/** The steps of counting, one after the other. `CONFORMING_COUNTING` has them as the guides do; a lab host with faults has others. */
export interface CountingRules<R extends CountedRequest = CountedRequest> {
  /** Which table a request goes to. */
  readonly tableKey: (request: R) => string;
  /** What tells machines apart. */
  readonly recordKey: (request: R) => string;
  readonly lifetimeMs: number;
  /** Keys of the records that have expired. */
  readonly expired: (table: CountTable, nowMs: number, lifetimeMs: number) => readonly string[];
  /** Whether a request leaves a record. */
  readonly isCounted: (request: R, profile: Profile) => boolean;
  /** What happens to a request that leaves a record. */
  readonly record: (tables: CountTables<R>, entry: CountEntry<R>) => void;
  /** How many records a request asks to make room for. */
  readonly wantedCapacity: (request: R) => number;
  /** The capacity of a table that a request is about to enter which asks for so much. */
  readonly capacity: (table: CountTable, wanted: number) => number;
  readonly place: (tables: CountTables<R>, entry: CountEntry<R>) => void;
  /** Which record a full table drops. */
  readonly victim: (table: CountTable) => string | undefined;
  /** The Count to answer. */
  readonly answerCount: (entry: CountEntry<R>) => number;
}

const NONE: readonly string[] = [];

/** Counting as understanding-kms 2.2 and 2.3 have it. */
export const CONFORMING_COUNTING: CountingRules = {
  tableKey: ({ applicationId }) => applicationId,
  recordKey: ({ clientMachineId }) => clientMachineId,
  lifetimeMs: RECORD_LIFETIME_MS,
  expired: expiredFromTheOldest,
  isCounted: ({ isVirtualMachine }, { countsVirtualMachines }) => countsVirtualMachines || !isVirtualMachine,
  record: (tables, entry) => tables.record(entry),
  wantedCapacity: ({ requiredClientCount }) => 2 * Math.max(requiredClientCount, 1),
  capacity: (table, wanted) => Math.max(table.capacity, wanted),
  place: (tables, entry) => tables.place(entry),
  victim: ({ records }) => records.keys().next().value,
  answerCount: ({ table }) => table.records.size,
};

/** Records are ordered by time, so that the expired ones stand in front; a Map keeps the order of insertion. */
function expiredFromTheOldest({ records }: CountTable, nowMs: number, lifetimeMs: number): readonly string[] {
  let expired: string[] | null = null;
  for (const [key, lastRequestMs] of records) {
    if (nowMs - lastRequestMs <= lifetimeMs) break;
    (expired ??= []).push(key);
  }
  return expired ?? NONE;
}
