import type { CountTable } from '../counting-rules';
import { type Burst, memoryOf, watchBursts } from './burst';
import { fault } from './fault';

type Records = ReadonlyMap<string, number>;

/** Faults of what happens between a client's reading and its writing. */
export const OVERLAP_FAULTS = [
  fault({
    name: 'lost-update',
    sentence: 'It reads its table when a client binds and writes it back when the client asks.',
    requirements: ['CNT-12'],
    override: ({ opened, count, tableKey }) => {
      const snapshots = new WeakMap<object, Map<string, Records>>();
      const read = (connection: object, tables: ReadonlyMap<string, CountTable>): void => {
        const copies = [...tables].map(([key, { records }]) => [key, new Map(records)] as const);
        snapshots.set(connection, new Map(copies));
      };
      return {
        opened: (association, kms) => {
          read(association, kms.counting.tables);
          opened(association, kms);
        },
        count: (counting, request, nowMs) => {
          const { connection } = request.caller;
          const key = tableKey(request);
          const snapshot = snapshots.get(connection);
          if (snapshot !== undefined) writeBack(counting.tables.get(key), snapshot.get(key));
          const answer = count(counting, request, nowMs);
          read(connection, counting.tables);
          return answer;
        },
      };
    },
  }),
  fault({
    name: 'same-count-twice',
    sentence: 'It answers two new clients that ask at once with the same count.',
    requirements: ['CNT-12', 'CNT-17'],
    override: (right) => {
      const { received, current } = watchBursts(right);
      const before = memoryOf<Burst, { count: number | null }>(() => ({ count: null }));
      return {
        received,
        answerCount: (entry) => {
          const count = right.answerCount(entry);
          const burst = current();
          if (burst === null || count === entry.sizeBefore) return count;
          const last = before(burst);
          const answer = last.count ?? count;
          last.count = last.count === null ? count : null;
          return answer;
        },
      };
    },
  }),
  fault({
    name: 'late-count',
    sentence: 'It answers clients that ask at once with the count that holds when all of them are counted.',
    requirements: ['CNT-12', 'CNT-17'],
    override: (right) => {
      const { received, current } = watchBursts(right);
      return { received, answerCount: (entry) => right.answerCount(entry) + (current()?.waiting ?? 0) };
    },
  }),
  fault({
    name: 'at-once-counts-twice',
    sentence: 'It counts a client twice that asks over two connections at once.',
    requirements: ['CNT-17', 'CNT-18'],
    override: (right) => {
      const { received, current } = watchBursts(right);
      const seen = memoryOf<Burst, Set<string>>(() => new Set());
      return {
        received,
        record: (tables, entry) => {
          right.record(tables, entry);
          const burst = current();
          if (burst === null) return;
          if (seen(burst).has(entry.key)) right.record(tables, { ...entry, key: `${entry.key} again` });
          seen(burst).add(entry.key);
        },
      };
    },
  }),
  fault({
    name: 'one-too-many-at-once',
    sentence: 'It holds one machine more than it has room for where several ask at once.',
    requirements: ['CNT-17', 'CNT-19'],
    override: (right) => {
      const { received, current } = watchBursts(right);
      return {
        received,
        place: (tables, entry) => {
          const { records, capacity } = entry.table;
          const isOneTooMany = current() !== null && !records.has(entry.key) && records.size === capacity;
          if (isOneTooMany) records.set(entry.key, entry.nowMs);
          else right.place(tables, entry);
        },
      };
    },
  }),
  fault({
    name: 'displaces-two-at-once',
    sentence: 'It displaces two machines for one where new ones ask at once in a full cache.',
    requirements: ['CNT-17'],
    override: (right) => {
      const { received, current } = watchBursts(right);
      return {
        received,
        place: (tables, entry) => {
          const { records, capacity } = entry.table;
          const isMet = current() !== null && !records.has(entry.key) && records.size >= capacity;
          const oldest = right.victim(entry.table);
          if (isMet && oldest !== undefined) {
            records.delete(oldest);
            records.delete(right.victim(entry.table) ?? oldest);
          }
          right.place(tables, entry);
        },
      };
    },
  }),
  fault({
    name: 'record-lost-at-once',
    sentence:
      'It loses the record of one of the new clients that asked at once, once it has answered them all.',
    requirements: ['CNT-17'],
    override: (right) => {
      const lost = memoryOf<Burst, { lose: (() => void) | null }>(() => ({ lose: null }));
      const { received, current } = watchBursts(right, (burst) => lost(burst).lose?.());
      return {
        received,
        record: (tables, entry) => {
          const isNew = !entry.table.records.has(entry.key);
          right.record(tables, entry);
          const burst = current();
          if (burst !== null && isNew) lost(burst).lose ??= () => entry.table.records.delete(entry.key);
        },
      };
    },
  }),
  fault({
    name: 'renewal-lost-at-once',
    sentence: 'It loses the renewal of a client that asks at once with others.',
    requirements: ['CNT-17'],
    override: (right) => {
      const { received, current } = watchBursts(right);
      return {
        received,
        place: (tables, entry) => {
          const isLost = current() !== null && entry.table.records.has(entry.key);
          if (!isLost) right.place(tables, entry);
        },
      };
    },
  }),
  fault({
    name: 'stale-renewal-at-once',
    sentence: 'It answers a client that renews at once with others with the count that it received last.',
    requirements: ['CNT-17'],
    override: (right) => {
      const { received, current } = watchBursts(right);
      const lasts = memoryOf<CountTable, Map<string, number>>(() => new Map());
      return {
        received,
        answerCount: (entry) => {
          const ofTable = lasts(entry.table);
          const stale = current() === null ? undefined : ofTable.get(entry.key);
          const count = stale ?? right.answerCount(entry);
          ofTable.set(entry.key, count);
          return count;
        },
      };
    },
  }),
  fault({
    name: 'expiry-races',
    sentence:
      'It looks for expired records, and drops them at the next request though they were renewed since.',
    requirements: ['CACHE-14'],
    override: (right) => {
      const { received, current } = watchBursts(right);
      const found = memoryOf<Burst, { keys: readonly string[] | null }>(() => ({ keys: null }));
      return {
        received,
        expired: (...now) => {
          const burst = current();
          if (burst === null) return right.expired(...now);
          const memory = found(burst);
          const keys = memory.keys ?? [];
          memory.keys = memory.keys === null ? right.expired(...now) : [];
          return keys;
        },
      };
    },
  }),
] as const;

function writeBack(table: CountTable | undefined, snapshot: Records = new Map()): void {
  table?.records.clear();
  for (const [cmid, lastRequestMs] of snapshot) table?.records.set(cmid, lastRequestMs);
}
