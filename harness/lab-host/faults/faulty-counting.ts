import { type KmsRequest, NIL_GUID } from '../../../protocol';
import type { Profile } from '../../model/profile';
import type { Caller, Counting } from '../counting';
import { makeRoom, type Table } from './faulty-capacity';
import { dropExpired } from './faulty-expiry';
import { recordKey, tableKey } from './faulty-identity';
import type { FaultSet } from './faults';

const MACHINES_WITH_LICENCE = 1000;

/** What a request did to its table, for the answer. */
interface Effect {
  readonly sizeBefore: number;
  readonly wasKnown: boolean;
  readonly justExpired: number;
}

/**
 * The counting step of a host with faults: the steps of the model, each with the `if`s of the faults that bite there. Without
 * any fault it counts as the model does, which a property holds it to.
 */
export class FaultyCounting implements Counting {
  #tables = new Map<string, Table>();
  /** Tables as they were when a connection was bound, for `lost-update`. */
  readonly #snapshots = new WeakMap<object, Map<string, Map<string, number>>>();
  readonly #gone = new WeakSet();
  #lastConnection = new Map<string, object>();
  #firstAnswers = new Map<string, number>();
  #machines = new Set<string>();
  #requests = 0;
  #refusedLast = false;

  constructor(
    private readonly profile: Profile,
    private readonly faults: FaultSet,
  ) {}

  /** Whether a host with this fault runs out of licences. */
  isExhausted(request: KmsRequest): boolean {
    if (!this.faults.has('refuses-after-1000')) return false;
    this.#machines.add(request.clientMachineId);
    return this.#machines.size > MACHINES_WITH_LICENCE;
  }

  grant(request: KmsRequest, nowMs: number, caller: Caller): number {
    this.#requests++;
    const key = tableKey(request, caller, this.faults);
    const table = this.#table(key);
    if (this.faults.has('lost-update')) this.#restoreSnapshot(table, key, caller.connection);
    const justExpired = dropExpired(table, nowMs, this.faults);
    const sizeBefore = table.records.size;
    const record = recordKey(request, this.#requests, this.faults);
    const wasKnown = table.records.has(record);
    if (this.#isCounted(request)) this.#count(table, record, request, nowMs, caller);
    if (this.faults.has('lost-update')) this.opened(caller.connection);
    return this.#answer(table, request, caller, { sizeBefore, wasKnown, justExpired });
  }

  #isCounted(request: KmsRequest): boolean {
    const { countsVirtualMachines } = this.profile;
    const counts = this.faults.has('virtual-as-other-profile')
      ? !countsVirtualMachines
      : countsVirtualMachines;
    return request.isVirtualMachine === 0 || counts;
  }

  #count(table: Table, record: string, request: KmsRequest, nowMs: number, caller: Caller): void {
    const { faults } = this;
    const swallowed = this.#refusedLast && !table.records.has(record);
    this.#refusedLast = false;
    if (faults.has('swallows-count-after-refusal') && swallowed) return;
    if (faults.has('nil-cmid-empties-cache') && request.clientMachineId === NIL_GUID) table.records.clear();
    if (
      faults.has('own-previous-cmid-forgets') &&
      request.previousClientMachineId === request.clientMachineId
    ) {
      table.records.delete(record);
      return;
    }
    if (faults.has('one-cmid-one-application')) this.#forgetElsewhere(table, record);
    if (faults.has('counts-known-previous-cmid') && isAnother(table, request)) table.surplus++;
    this.#insert(table, record, request, nowMs);
    if (this.#isCountedTwice(request, caller)) this.#insert(table, `${record} again`, request, nowMs);
  }

  #insert(table: Table, record: string, request: KmsRequest, nowMs: number): void {
    const { faults } = this;
    makeRoom(table, request.requiredClientCount, faults);
    const known = table.records.get(record);
    if (known !== undefined && faults.has('renewal-keeps-place')) {
      table.records.set(record, nowMs);
      return;
    }
    table.records.delete(record);
    if (table.records.size >= table.capacity) {
      if (faults.has('full-cache-takes-none') && known === undefined) return;
      dropOne(table.records, faults);
    }
    table.records.set(record, known !== undefined && faults.has('renewal-keeps-age') ? known : nowMs);
    if (known !== undefined && faults.has('renewal-becomes-oldest')) moveToFront(table.records, record);
    if (faults.has('growth-one-late'))
      table.capacity = Math.max(table.capacity, 2 * request.requiredClientCount);
  }

  #isCountedTwice(request: KmsRequest, { connection }: Caller): boolean {
    const { faults } = this;
    const cmid = request.clientMachineId;
    const last = this.#lastConnection.get(cmid);
    if (faults.has('two-connections-count-twice')) this.#lastConnection.set(cmid, connection);
    return (
      (faults.has('virtual-counted-twice') && request.isVirtualMachine !== 0) ||
      (faults.has('miscounts-cmid-ending-ff') && cmid.endsWith('ff')) ||
      (faults.has('two-connections-count-twice') &&
        last !== undefined &&
        last !== connection &&
        !this.#gone.has(last))
    );
  }

  #answer(table: Table, request: KmsRequest, { syntax }: Caller, effect: Effect): number {
    const { faults } = this;
    const size = table.records.size + table.surplus;
    const isFull = table.records.size >= table.capacity;
    const wanted = request.requiredClientCount;
    if (faults.has('counts-from-zero')) return effect.sizeBefore;
    if (faults.has('counts-itself')) return size + 1;
    if (faults.has('count-stops-at-one')) return 1;
    if (faults.has('counts-in-pairs')) return Math.ceil(size / 2);
    if (faults.has('servers-count-half') && wanted <= 5) return Math.floor(size / 2);
    if (faults.has('threshold-counts-as-met') && wanted === 25 && size === 24) return 25;
    if (faults.has('threshold-of-50') && wanted === 25 && size < 50) return Math.min(size, 24);
    if (faults.has('renewal-misses-itself') && isFull && effect.wasKnown) return size - 1;
    if (faults.has('full-cache-answers-zero') && isFull) return 0;
    if (faults.has('stale-count-after-expiry')) return size + effect.justExpired;
    if (faults.has('ndr64-count-plus-one') && syntax === 'ndr64') return size + 1;
    return faults.has('early-clients-keep-count') ? this.#firstAnswer(request, size) : size;
  }

  #firstAnswer({ clientMachineId }: KmsRequest, size: number): number {
    const first = this.#firstAnswers.get(clientMachineId) ?? size;
    this.#firstAnswers.set(clientMachineId, first);
    return first;
  }

  #table(key: string): Table {
    let table = this.#tables.get(key);
    if (table === undefined) {
      table = { records: new Map(), capacity: 0, surplus: 0 };
      this.#tables.set(key, table);
    }
    return table;
  }

  #forgetElsewhere(table: Table, record: string): void {
    for (const other of this.#tables.values()) if (other !== table) other.records.delete(record);
  }

  #restoreSnapshot(table: Table, key: string, connection: object): void {
    const snapshot = this.#snapshots.get(connection);
    if (snapshot !== undefined) table.records = new Map(snapshot.get(key));
  }

  reset(): void {
    this.#tables = new Map();
    this.#lastConnection = new Map();
    this.#firstAnswers = new Map();
    this.#machines = new Set();
    this.#refusedLast = false;
  }

  opened(connection: object): void {
    if (!this.faults.has('lost-update')) return;
    const copies = [...this.#tables].map(([key, { records }]) => [key, new Map(records)] as const);
    this.#snapshots.set(connection, new Map(copies));
  }

  left(connection: object): void {
    this.#gone.add(connection);
  }

  refused(): void {
    this.#refusedLast = true;
  }
}

/** CMID_prev is that of another machine in the table. */
function isAnother(table: Table, request: KmsRequest): boolean {
  const previous = request.previousClientMachineId;
  return previous !== request.clientMachineId && table.records.has(previous);
}

/** The model drops the oldest. */
function dropOne(records: Map<string, number>, faults: FaultSet): void {
  let victim: string | undefined = records.keys().next().value;
  if (faults.has('evicts-newest')) victim = [...records.keys()].at(-1);
  if (faults.has('evicts-lowest-cmid')) victim = [...records.keys()].sort()[0];
  if (victim !== undefined) records.delete(victim);
}

function moveToFront(records: Map<string, number>, record: string): void {
  const others = [...records].filter(([key]) => key !== record);
  const time = records.get(record)!;
  records.clear();
  records.set(record, time);
  for (const [key, lastRequestMs] of others) records.set(key, lastRequestMs);
}
