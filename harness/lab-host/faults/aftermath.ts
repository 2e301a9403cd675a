import { FAULT, HRESULT } from '../../../protocol';
import type { Hooks } from '../hooks/hooks';
import { memoryOf } from './burst';
import { fault } from './fault';

/** Tells of each association whether it sent a fault, with such a status if any is given, since it was asked last. */
function watchFaults({ answerPdu }: Hooks, status?: number) {
  const faulted = new WeakSet<object>();
  const hooks: Pick<Hooks, 'answerPdu'> = {
    answerPdu: (right, call, association) => {
      const answer = answerPdu(right, call, association);
      const isMet = answer.kind === 'fault' && (status === undefined || answer.body?.status === status);
      if (isMet) faulted.add(association);
      return answer;
    },
  };
  return { hooks, hadFault: (connection: object): boolean => faulted.delete(connection) };
}

/** Tells of each association whether it refused a request since it was asked last. */
function watchRefusals({ refused, malformed }: Hooks) {
  const refusals = new WeakSet<object>();
  const hooks: Pick<Hooks, 'refused' | 'malformed'> = {
    refused: (refusal, kms) => {
      refusals.add(refusal.caller.connection);
      refused(refusal, kms);
    },
    malformed: (problem, kms) => {
      if (problem.kind === 'message') refusals.add(problem.caller.connection);
      malformed(problem, kms);
    },
  };
  const hadRefusal = (connection: object): boolean => refusals.delete(connection);
  return { hooks, hadRefusal };
}

/** Faults that show only after something else went wrong on an association. */
export const AFTERMATH_FAULTS = [
  fault({
    name: 'counts-twice-after-fault',
    sentence: 'It counts the next new client of an association twice that had a fault.',
    requirements: ['CNT-20'],
    override: (right) => {
      const { hooks, hadFault } = watchFaults(right);
      return {
        ...hooks,
        record: (tables, entry) => {
          const isNew = !entry.table.records.has(entry.key);
          right.record(tables, entry);
          if (isNew && hadFault(entry.request.caller.connection))
            right.record(tables, { ...entry, key: `${entry.key} again` });
        },
      };
    },
  }),
  fault({
    name: 'stale-count-after-fault',
    sentence: 'It answers the request after a fault with the count that the association answered last.',
    requirements: ['CNT-20'],
    override: (right) => {
      const { hooks, hadFault } = watchFaults(right);
      const lasts = memoryOf<object, { count: number | null }>(() => ({ count: null }));
      return {
        ...hooks,
        answerCount: (entry) => {
          const { connection } = entry.request.caller;
          const last = lasts(connection);
          const count = right.answerCount(entry);
          const answer = hadFault(connection) ? (last.count ?? count) : count;
          last.count = answer;
          return answer;
        },
      };
    },
  }),
  fault({
    name: 'refuses-after-bad-stub',
    sentence: 'It refuses the request that follows a stub that it faulted.',
    requirements: ['CNT-20'],
    override: (right) => {
      const { hooks, hadFault } = watchFaults(right, FAULT.badStubData);
      return {
        ...hooks,
        answer: (kms, message, caller) =>
          hadFault(caller.connection)
            ? { message: null, hresult: HRESULT.invalidData }
            : right.answer(kms, message, caller),
      };
    },
  }),
  fault({
    name: 'forgets-after-refusal',
    sentence: 'It forgets the client that it grants after a refusal on the same association.',
    requirements: ['CNT-20'],
    override: (right) => {
      const { hooks, hadRefusal } = watchRefusals(right);
      return {
        ...hooks,
        answerCount: (entry) => {
          const count = right.answerCount(entry);
          if (hadRefusal(entry.request.caller.connection)) entry.table.records.delete(entry.key);
          return count;
        },
      };
    },
  }),
  fault({
    name: 'counts-less-after-refusal',
    sentence:
      'It leaves the refused client out of the next count of the association, though it was never in.',
    requirements: ['CNT-20'],
    override: (right) => {
      const { hooks, hadRefusal } = watchRefusals(right);
      return {
        ...hooks,
        answerCount: (entry) =>
          right.answerCount(entry) - (hadRefusal(entry.request.caller.connection) ? 1 : 0),
      };
    },
  }),
] as const;
