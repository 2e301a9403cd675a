import { HRESULT } from '../../../protocol';
import type { CountTable } from '../counting-rules';
import type { LabRequest } from '../hooks/service-hooks';
import { MAX_N_POLICY } from '../../model/decide-grant';
import { fault, type Override } from './fault';

/** Makes room for so many instead of those that a request asks for. */
export const wanting =
  (change: (right: number, request: LabRequest) => number): Override =>
  ({ wantedCapacity }) => ({ wantedCapacity: (request) => change(wantedCapacity(request), request) });

/** Faults of how many machines a table holds. */
export const CAPACITY_FAULTS = [
  fault({
    name: 'capacity-always-50',
    sentence: 'It holds 50 machines from the start.',
    requirements: ['CACHE-01'],
    override: wanting((right) => Math.max(50, right)),
  }),
  fault({
    name: 'server-cap-5',
    sentence: 'It holds no more servers than their threshold.',
    requirements: ['CACHE-01'],
    override: wanting((right, { requiredClientCount }) => (requiredClientCount === 5 ? 5 : right)),
  }),
  fault({
    name: 'no-cap',
    sentence: 'It holds as many machines as ask.',
    requirements: ['CACHE-01', 'CACHE-02'],
    override: wanting(() => Number.MAX_SAFE_INTEGER),
  }),
  fault({
    name: 'cap-25',
    sentence: 'It holds 25 machines at most.',
    requirements: ['CACHE-02'],
    override: wanting((right) => Math.min(right, 25)),
  }),
  fault({
    name: 'cap-49',
    sentence: 'It holds 49 machines at most.',
    requirements: ['CACHE-02'],
    override: wanting((right) => Math.min(right, 49)),
  }),
  fault({
    name: 'cap-51',
    sentence: 'It holds 51 machines.',
    requirements: ['CACHE-02'],
    override: wanting((right) => (right >= 50 ? Math.max(right, 51) : right)),
  }),
  fault({
    name: 'never-grows',
    sentence: 'It keeps the capacity that the first client asked for.',
    requirements: ['CACHE-03'],
    override: ({ capacity }) => ({
      capacity: (table, wanted) => table.capacity || capacity(table, wanted),
    }),
  }),
  fault({
    name: 'growth-forgets',
    sentence: 'It starts a new cache when it grows.',
    requirements: ['CACHE-03'],
    override: ({ capacity }) => ({
      capacity: (table, wanted) => {
        if (table.capacity > 0 && wanted > table.capacity) table.records.clear();
        return capacity(table, wanted);
      },
    }),
  }),
  fault({
    name: 'growth-one-late',
    sentence: 'It grows only after it has dropped a machine for the client that asked for more.',
    requirements: ['CACHE-03'],
    override: ({ capacity, place }) => {
      let late = 0;
      return {
        capacity: (table, wanted) => {
          late = capacity(table, wanted);
          return table.capacity || late;
        },
        place: (tables, entry) => {
          place(tables, entry);
          entry.table.capacity = Math.max(entry.table.capacity, late);
        },
      };
    },
  }),
  fault({
    name: 'shrinking-cache',
    sentence: 'It shrinks to what the last client asked for.',
    requirements: ['CACHE-04'],
    override: () => ({
      capacity: (table, wanted) => {
        shrink(table, wanted);
        return wanted;
      },
    }),
  }),
  fault({
    name: 'capacity-follows-request',
    sentence: 'It makes room by the N_Policy of the request alone.',
    requirements: ['CACHE-04'],
    override: () => ({ capacity: (_, wanted) => wanted }),
  }),
  fault({
    name: 'expiry-shrinks-cache',
    sentence: 'It forgets its capacity when all records have expired.',
    requirements: ['CACHE-10'],
    override: ({ expired }) => ({
      expired: (table, ...now) => {
        const keys = expired(table, ...now);
        if (keys.length > 0 && keys.length === table.records.size) table.capacity = 0;
        return keys;
      },
    }),
  }),
  fault({
    name: 'trusts-required-count',
    sentence: 'It takes every N_Policy and makes room for twice as many.',
    requirements: ['CACHE-11'],
    override: ({ decide }) => ({
      decide: (request, ...rest) =>
        request.requiredClientCount > MAX_N_POLICY ? HRESULT.ok : decide(request, ...rest),
    }),
  }),
  fault({
    name: 'survives-restart',
    sentence: 'It keeps its count over a restart.',
    requirements: ['CACHE-12'],
    override: () => ({ survivesRestart: () => true }),
  }),
] as const;

function shrink({ records }: CountTable, capacity: number): void {
  for (const key of records.keys()) {
    if (records.size <= capacity) return;
    records.delete(key);
  }
}
