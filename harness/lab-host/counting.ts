import type { CountedRequest } from '../model/counting-model';
import type { Profile } from '../model/profile';
import type { CountEntry, CountingRules, CountTable, CountTables } from './counting-rules';

/**
 * The counting step of the lab host, by rules that faults may override. By `CONFORMING_COUNTING` it counts as the model does, which a
 * property holds it to.
 */
export class LabCounting<R extends CountedRequest = CountedRequest> implements CountTables<R> {
  readonly #tables = new Map<string, CountTable>();

  constructor(
    private readonly profile: Profile,
    private readonly rules: CountingRules<R>,
  ) {}

  /**
   * Takes a valid, granted request at `nowMs` (ms since 1970) and returns the Count to answer.
   */
  grant(request: R, nowMs: number): number {
    const { rules } = this;
    const table = this.#table(rules.tableKey(request));
    for (const key of rules.expired(table, nowMs, rules.lifetimeMs)) table.records.delete(key);
    const sizeBefore = table.records.size;
    const entry = { request, table, key: rules.recordKey(request), nowMs, sizeBefore };
    if (rules.isCounted(request, this.profile)) rules.record(this, entry);
    return rules.answerCount(entry);
  }

  record(entry: CountEntry<R>): void {
    const { rules } = this;
    const { table, request } = entry;
    table.capacity = rules.capacity(table, rules.wantedCapacity(request));
    rules.place(this, entry);
  }

  place({ table, key, nowMs }: CountEntry<R>): void {
    const { records } = table;
    records.delete(key);
    if (records.size >= table.capacity) {
      const victim = this.rules.victim(table);
      if (victim !== undefined) records.delete(victim);
    }
    records.set(key, nowMs);
  }

  get tables(): ReadonlyMap<string, CountTable> {
    return this.#tables;
  }

  #table(key: string): CountTable {
    let table = this.#tables.get(key);
    if (table === undefined) {
      table = { records: new Map(), capacity: 0 };
      this.#tables.set(key, table);
    }
    return table;
  }

  /** Forgets records and capacity. */
  reset(): void {
    this.#tables.clear();
  }
}
