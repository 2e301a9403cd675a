import { NIL_GUID } from '../../../protocol';
import type { CountTable } from '../counting-rules';
import { wanting } from './capacity';
import { recordingTwice } from './counting';
import { deepFault } from './fault';
import { CMID_END, countAnyway } from './message-bytes';

/** Faults of a host that miscounts by a coincidence. */
export const DEEP_COUNT_FAULTS = [
  deepFault({
    name: 'counts-known-previous-cmid',
    sentence: 'It counts one more for ever when CMID_prev is that of another machine.',
    deep: 'count',
    override: ({ record, answerCount }) => {
      const surplus = new WeakMap<CountTable, number>();
      const surplusOf = (table: CountTable): number => surplus.get(table) ?? 0;
      return {
        record: (tables, entry) => {
          const { previousClientMachineId: previous, clientMachineId } = entry.request.message;
          const isAnother = previous !== clientMachineId && entry.table.records.has(previous);
          if (isAnother) surplus.set(entry.table, surplusOf(entry.table) + 1);
          record(tables, entry);
        },
        answerCount: (entry) => answerCount(entry) + surplusOf(entry.table),
      };
    },
  }),
  deepFault({
    name: 'miscounts-cmid-ending-ff',
    sentence: 'It counts a machine twice whose CMID ends in ff.',
    deep: 'count',
    override: recordingTwice(({ request }) => request.clientMachineId.endsWith('ff')),
  }),
  deepFault({
    name: 'double-count-at-split',
    sentence: 'It counts a request twice that comes in two segments, cut behind the header.',
    deep: 'count',
    override: ({ answer }) => ({
      answer: (kms, message, caller) => {
        if (caller.wasSplitBehindHeader) countAnyway(withAnotherCmid(message), kms, caller);
        return answer(kms, message, caller);
      },
    }),
  }),
  deepFault({
    name: 'nil-cmid-empties-cache',
    sentence: 'It empties its cache for a CMID of zeros.',
    deep: 'count',
    override: ({ record }) => ({
      record: (tables, entry) => {
        if (entry.request.clientMachineId === NIL_GUID) entry.table.records.clear();
        record(tables, entry);
      },
    }),
  }),
  deepFault({
    name: 'required-count-8-bit',
    sentence: 'It keeps twice N_Policy in 8 bits.',
    deep: 'count',
    override: wanting((right) => right & 0xff),
  }),
  deepFault({
    name: 'swallows-count-after-refusal',
    sentence: 'It does not count the new machine that follows a refusal.',
    deep: 'count',
    override: ({ record, refused, started }) => {
      let wasRefused = false;
      return {
        record: (tables, entry) => {
          const isSwallowed = wasRefused && !entry.table.records.has(entry.key);
          wasRefused = false;
          if (!isSwallowed) record(tables, entry);
        },
        refused: (refusal, kms) => {
          wasRefused = true;
          refused(refusal, kms);
        },
        started: (how) => {
          wasRefused = false;
          started(how);
        },
      };
    },
  }),
  deepFault({
    name: 'one-cmid-one-application',
    sentence: 'It moves a machine that asks for another application.',
    deep: 'count',
    override: ({ record }) => ({
      record: (tables, entry) => {
        for (const table of tables.tables.values())
          if (table !== entry.table) table.records.delete(entry.key);
        record(tables, entry);
      },
    }),
  }),
  deepFault({
    name: 'own-previous-cmid-forgets',
    sentence: 'It forgets a machine whose CMID_prev is its CMID.',
    deep: 'count',
    override: ({ record }) => ({
      record: (tables, entry) => {
        const { previousClientMachineId, clientMachineId } = entry.request.message;
        if (previousClientMachineId === clientMachineId) entry.table.records.delete(entry.key);
        else record(tables, entry);
      },
    }),
  }),
  deepFault({
    name: 'two-connections-count-twice',
    sentence: 'It counts a machine again that renews over another connection that is open.',
    deep: 'count',
    override: (right, host) => {
      const gone = new WeakSet<object>();
      const lasts = new WeakMap<CountTable, Map<string, object>>();
      return {
        ...recordingTwice(({ table, key, request }) => {
          const ofTable = lasts.get(table) ?? new Map<string, object>();
          lasts.set(table, ofTable);
          const last = ofTable.get(key);
          const { connection } = request.caller;
          ofTable.set(key, connection);
          return last !== undefined && last !== connection && !gone.has(last);
        })(right, host),
        left: (association) => {
          gone.add(association);
          right.left(association);
        },
      };
    },
  }),
] as const;

/** The request of a machine that is none. */
function withAnotherCmid(message: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(message);
  if (changed.length >= CMID_END) changed[CMID_END - 1]! ^= 0x80;
  return changed;
}
