import type { CountTable } from '../counting-rules';
import { isFull } from './counting';
import { fault, type Override } from './fault';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A full table drops this record. */
const dropping =
  (victim: (keys: string[]) => string | undefined): Override =>
  () => ({ victim: ({ records }) => victim([...records.keys()]) });

const living =
  (days: number): Override =>
  () => ({ lifetimeMs: days * DAY_MS });

/** Looks for expired records everywhere, where the order of the records is not that of their times. */
const expiredAnywhere = ({ records }: CountTable, nowMs: number, lifetimeMs: number): string[] =>
  [...records].filter(([, lastRequestMs]) => nowMs - lastRequestMs > lifetimeMs).map(([key]) => key);

/** Faults of which records a table drops: the wrong one when it is full, the wrong ones when they are old. */
export const CACHE_ORDER_FAULTS = [
  fault({
    name: 'evicts-newest',
    sentence: 'It drops the newest machine when it is full.',
    requirements: ['CACHE-05'],
    override: dropping((keys) => keys.at(-1)),
  }),
  fault({
    name: 'evicts-lowest-cmid',
    sentence: 'It drops the machine with the lowest CMID when it is full.',
    requirements: ['CACHE-05'],
    override: dropping((keys) => keys.sort()[0]),
  }),
  fault({
    name: 'full-cache-takes-none',
    sentence: 'It takes no new machine while it is full.',
    requirements: ['CACHE-05'],
    override: ({ place }) => ({
      place: (tables, entry) => {
        const { table, key } = entry;
        if (table.records.has(key) || !isFull(table)) place(tables, entry);
      },
    }),
  }),
  fault({
    name: 'renewal-keeps-place',
    sentence: 'It leaves a renewing machine at its old place.',
    requirements: ['CACHE-06'],
    override: ({ place }) => ({
      expired: expiredAnywhere,
      place: (tables, entry) => {
        const { records } = entry.table;
        if (records.has(entry.key)) records.set(entry.key, entry.nowMs);
        else place(tables, entry);
      },
    }),
  }),
  fault({
    name: 'renewal-becomes-oldest',
    sentence: 'It makes a renewing machine the oldest.',
    requirements: ['CACHE-06'],
    override: ({ place }) => ({
      expired: expiredAnywhere,
      place: (tables, entry) => {
        const wasKnown = entry.table.records.has(entry.key);
        place(tables, entry);
        if (wasKnown) moveToFront(entry.table.records, entry.key);
      },
    }),
  }),
  fault({
    name: 'renewal-keeps-age',
    sentence: 'It counts the 30 days from the first request.',
    requirements: ['CACHE-09'],
    override: ({ place }) => ({
      expired: expiredAnywhere,
      place: (tables, entry) => {
        const { records } = entry.table;
        const firstMs = records.get(entry.key);
        place(tables, entry);
        if (firstMs !== undefined && records.has(entry.key)) records.set(entry.key, firstMs);
      },
    }),
  }),
  fault({
    name: 'expires-after-29-days',
    sentence: 'It drops records after 29 days.',
    requirements: ['CACHE-07'],
    override: living(29),
  }),
  fault({
    name: 'expires-after-a-week',
    sentence: 'It drops records after the renewal interval.',
    requirements: ['CACHE-07'],
    override: living(7),
  }),
  fault({
    name: 'expires-after-31-days',
    sentence: 'It drops records after 31 days.',
    requirements: ['CACHE-08'],
    override: living(31),
  }),
  fault({
    name: 'never-expires',
    sentence: 'It keeps records for ever.',
    requirements: ['CACHE-08'],
    override: living(Number.POSITIVE_INFINITY),
  }),
  fault({
    name: 'stale-count-after-expiry',
    sentence: 'It answers with records that have just expired.',
    requirements: ['CACHE-08'],
    override: ({ expired, answerCount }) => {
      let justExpired = 0;
      return {
        expired: (...now) => {
          const keys = expired(...now);
          justExpired = keys.length;
          return keys;
        },
        answerCount: (entry) => answerCount(entry) + justExpired,
      };
    },
  }),
  fault({
    name: 'expires-one-at-a-time',
    sentence: 'It drops one expired record with each request.',
    requirements: ['CACHE-08'],
    override: ({ expired }) => ({ expired: (...now) => expired(...now).slice(0, 1) }),
  }),
  fault({
    name: 'expires-renewed-too',
    sentence: 'It drops as many of the newest records as have expired.',
    requirements: ['CACHE-13'],
    override: ({ expired }) => ({
      expired: (table, ...now) => {
        const keys = expired(table, ...now);
        const others = [...table.records.keys()].filter((key) => !keys.includes(key));
        return keys.length === 0 ? keys : [...keys, ...others.slice(-keys.length)];
      },
    }),
  }),
  fault({
    name: 'expires-all',
    sentence: 'It empties the cache when one record has expired.',
    requirements: ['CACHE-13'],
    override: ({ expired }) => ({
      expired: (table, ...now) => {
        const keys = expired(table, ...now);
        return keys.length === 0 ? keys : [...table.records.keys()];
      },
    }),
  }),
] as const;

function moveToFront(records: Map<string, number>, record: string): void {
  const time = records.get(record)!;
  const others = [...records].filter(([key]) => key !== record);
  records.clear();
  records.set(record, time);
  for (const [key, lastRequestMs] of others) records.set(key, lastRequestMs);
}
