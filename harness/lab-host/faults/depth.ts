import { fault } from './fault';
import { memoryOf } from './burst';

const THIRD = 3;
const SECOND = 2;
const TENTH = 10;

/** Faults that show only at the second, third or tenth time of something on one association. */
export const DEPTH_FAULTS = [
  fault({
    name: 'third-request-counts-again',
    sentence: 'It counts a client again that asks for the third time on one association.',
    requirements: ['CNT-20'],
    override: ({ record }) => {
      const asked = memoryOf<object, Map<string, number>>(() => new Map());
      return {
        record: (tables, entry) => {
          record(tables, entry);
          const times = asked(entry.request.caller.connection);
          const time = (times.get(entry.key) ?? 0) + 1;
          times.set(entry.key, time);
          if (time === THIRD) record(tables, { ...entry, key: `${entry.key} again` });
        },
      };
    },
  }),
  fault({
    name: 'second-new-client-lost',
    sentence: 'It keeps no record of the second new client that asks on an association.',
    requirements: ['CNT-20'],
    override: ({ record }) => {
      const news = memoryOf<object, { count: number }>(() => ({ count: 0 }));
      return {
        record: (tables, entry) => {
          const own = news(entry.request.caller.connection);
          const isNew = !entry.table.records.has(entry.key);
          if (isNew) own.count++;
          if (!isNew || own.count !== SECOND) record(tables, entry);
        },
      };
    },
  }),
  fault({
    name: 'third-answer-of-another',
    sentence: 'It returns the CMID of the second answer in the third answer on an association.',
    requirements: ['CNT-20'],
    override: ({ answer, respond }) => {
      const answers = memoryOf<object, string[]>(() => []);
      let own: string[] = [];
      return {
        answer: (kms, message, caller) => {
          own = answers(caller.connection);
          return answer(kms, message, caller);
        },
        respond: (...response) => {
          const right = respond(...response);
          own.push(right.clientMachineId);
          return own.length === THIRD ? { ...right, clientMachineId: own[SECOND - 1]! } : right;
        },
      };
    },
  }),
  fault({
    name: 'tenth-count-of-first',
    sentence: 'It answers the tenth request on an association with the count of the first.',
    requirements: ['CNT-20'],
    override: ({ answerCount }) => {
      const counts = memoryOf<object, number[]>(() => []);
      return {
        answerCount: (entry) => {
          const count = answerCount(entry);
          const own = counts(entry.request.caller.connection);
          own.push(count);
          return own.length === TENTH ? own[0]! : count;
        },
      };
    },
  }),
] as const;
