import { RECORD_LIFETIME_MS } from '../../model/counting-model';
import type { Table } from './faulty-capacity';
import type { FaultSet } from './faults';

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The model: drops every record whose last request is more than 30 days ago.
 * @returns how many records had expired
 */
export function dropExpired(table: Table, nowMs: number, faults: FaultSet): number {
  const { records } = table;
  const lifetimeMs = lifetime(faults);
  const expired = [...records]
    .filter(([, lastRequestMs]) => nowMs - lastRequestMs > lifetimeMs)
    .map(([key]) => key);
  if (expired.length === 0) return 0;
  if (faults.has('expires-one-at-a-time')) expired.length = 1;
  for (const key of expired) records.delete(key);
  if (faults.has('expires-all')) records.clear();
  if (faults.has('expires-renewed-too')) {
    for (const key of [...records.keys()].slice(-expired.length)) records.delete(key);
  }
  if (faults.has('expiry-shrinks-cache') && records.size === 0) table.capacity = 0;
  return expired.length;
}

function lifetime(faults: FaultSet): number {
  if (faults.has('never-expires')) return Number.POSITIVE_INFINITY;
  if (faults.has('expires-after-a-week')) return 7 * DAY_MS;
  if (faults.has('expires-after-29-days')) return 29 * DAY_MS;
  if (faults.has('expires-after-31-days')) return 31 * DAY_MS;
  return RECORD_LIFETIME_MS;
}
