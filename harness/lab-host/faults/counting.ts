import { CLIENT_THRESHOLD, HRESULT, SERVER_THRESHOLD } from '../../../protocol';
import type { CountTable } from '../counting-rules';
import type { CountEntry } from '../counting-rules';
import type { LabRequest } from '../hooks/service-hooks';
import { fault, type Override } from './fault';

const MACHINES_WITH_LICENCE = 1000;
const ALMOST_MET = 24;
const THRESHOLD_TO_BE_MET = 50;

type Entry = CountEntry<LabRequest>;

/** Answers something else than the count. */
const answering =
  (change: (right: number, entry: Entry) => number): Override =>
  ({ answerCount }) => ({ answerCount: (entry) => change(answerCount(entry), entry) });

/** Records such a request a second time, as another machine. */
export const recordingTwice =
  (isMet: (entry: Entry) => boolean): Override =>
  ({ record }) => ({
    record: (tables, entry) => {
      const again = isMet(entry);
      record(tables, entry);
      if (again) record(tables, { ...entry, key: `${entry.key} again` });
    },
  });

export const isFull = ({ records, capacity }: CountTable): boolean => records.size >= capacity;
const wantsClients = ({ request }: Entry): boolean => request.requiredClientCount === CLIENT_THRESHOLD;

/** Faults of what is counted, and of the count that is answered. */
export const COUNTING_FAULTS = [
  fault({
    name: 'counts-from-zero',
    sentence: 'It answers with the count as it was before the request.',
    requirements: ['CNT-01'],
    override: answering((_, { sizeBefore }) => sizeBefore),
  }),
  fault({
    name: 'counts-itself',
    sentence: 'It counts itself, too.',
    requirements: ['CNT-01'],
    override: answering((right) => right + 1),
  }),
  fault({
    name: 'count-stops-at-one',
    sentence: 'It answers 1 to everybody.',
    requirements: ['CNT-02'],
    override: answering(() => 1),
  }),
  fault({
    name: 'counts-in-pairs',
    sentence: 'It raises its answer with every second client only.',
    requirements: ['CNT-02'],
    override: answering((right) => Math.ceil(right / 2)),
  }),
  fault({
    name: 'virtual-as-other-profile',
    sentence: 'It treats virtual machines as the other profile does.',
    requirements: ['CNT-06'],
    override: ({ isCounted }) => ({
      isCounted: (request, profile) =>
        isCounted(request, { ...profile, countsVirtualMachines: !profile.countsVirtualMachines }),
    }),
  }),
  fault({
    name: 'virtual-counted-twice',
    sentence: 'It counts a virtual machine and its host.',
    requirements: ['CNT-06'],
    override: recordingTwice(({ request }) => request.isVirtualMachine),
  }),
  fault({
    name: 'servers-count-half',
    sentence: 'It answers servers with half of the count.',
    requirements: ['CNT-08'],
    override: answering((right, { request }) =>
      request.requiredClientCount <= SERVER_THRESHOLD ? Math.floor(right / 2) : right,
    ),
  }),
  fault({
    name: 'cap-below-threshold',
    sentence: 'It holds one machine less than the threshold asks for.',
    requirements: ['CNT-08', 'CNT-09'],
    override: () => ({ wantedCapacity: ({ requiredClientCount }) => Math.max(requiredClientCount - 1, 1) }),
  }),
  fault({
    name: 'threshold-counts-as-met',
    sentence: 'It answers the 24th client with 25.',
    requirements: ['CNT-09'],
    override: answering((right, entry) =>
      wantsClients(entry) && right === ALMOST_MET ? CLIENT_THRESHOLD : right,
    ),
  }),
  fault({
    name: 'threshold-of-50',
    sentence: 'It holds the count at 24 until 50 machines have asked.',
    requirements: ['CNT-09'],
    override: answering((right, entry) =>
      wantsClients(entry) && right < THRESHOLD_TO_BE_MET ? Math.min(right, ALMOST_MET) : right,
    ),
  }),
  fault({
    name: 'refuses-below-threshold',
    sentence: 'It refuses with 0xC004F038 while the count is below the threshold.',
    requirements: ['CNT-10'],
    override: ({ decideCounted }) => ({
      decideCounted: (request, count) =>
        count < request.requiredClientCount ? HRESULT.clientCountTooLow : decideCounted(request, count),
    }),
  }),
  fault({
    name: 'early-clients-keep-count',
    sentence: 'It answers a machine with the count that it received first.',
    requirements: ['CNT-11'],
    override: (right, host) => {
      const firsts = new WeakMap<CountTable, Map<string, number>>();
      return answering((count, { table, request }) => {
        const ofTable = firsts.get(table) ?? new Map<string, number>();
        firsts.set(table, ofTable);
        const first = ofTable.get(request.clientMachineId) ?? count;
        ofTable.set(request.clientMachineId, first);
        return first;
      })(right, host);
    },
  }),
  fault({
    name: 'renewal-misses-itself',
    sentence: 'It leaves a renewing client of a full cache out of its answer.',
    requirements: ['CNT-15'],
    override: ({ record, answerCount }) => {
      let wasKnown = false;
      return {
        record: (tables, entry) => {
          wasKnown = entry.table.records.has(entry.key);
          record(tables, entry);
        },
        answerCount: (entry) => answerCount(entry) - (wasKnown && isFull(entry.table) ? 1 : 0),
      };
    },
  }),
  fault({
    name: 'full-cache-answers-zero',
    sentence: 'It answers 0 where the cache is full.',
    requirements: ['CNT-15', 'CNT-16'],
    override: answering((right, { table }) => (isFull(table) ? 0 : right)),
  }),
  fault({
    name: 'refuses-after-1000',
    sentence: 'It refuses machines beyond the first 1,000.',
    requirements: ['CNT-16'],
    override: ({ decide, started }) => {
      const machines = new Set<string>();
      return {
        decide: (request, ...rest) => {
          machines.add(request.clientMachineId);
          if (machines.size > MACHINES_WITH_LICENCE) return HRESULT.productNotOffered;
          return decide(request, ...rest);
        },
        started: (how) => {
          machines.clear();
          started(how);
        },
      };
    },
  }),
] as const;
