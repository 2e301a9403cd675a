import { HRESULT } from '../../../protocol';
import { fault } from './fault';

const REFUSED_AT = 33;
const MISCOUNTED_AT = 37;
const LOSES_AT = 41;

/** Faults that show at one count only. */
export const ONE_COUNT_FAULTS = [
  fault({
    name: 'refuses-the-33rd',
    sentence: 'It refuses whoever would receive the count 33.',
    requirements: ['CNT-20'],
    override: ({ decideCounted }) => ({
      decideCounted: (request, count) =>
        count === REFUSED_AT ? HRESULT.clientCountTooLow : decideCounted(request, count),
    }),
  }),
  fault({
    name: 'one-less-at-37',
    sentence: 'It answers 36 where it holds 37 machines.',
    requirements: ['CNT-20'],
    override: ({ answerCount }) => ({
      answerCount: (entry) => {
        const count = answerCount(entry);
        return count === MISCOUNTED_AT ? count - 1 : count;
      },
    }),
  }),
  fault({
    name: 'loses-oldest-at-41',
    sentence: 'It loses its oldest machine when it comes to hold 41.',
    requirements: ['CNT-20'],
    override: ({ record, victim }) => ({
      record: (tables, entry) => {
        const { table } = entry;
        const before = table.records.size;
        record(tables, entry);
        const oldest = victim(table);
        const isMet = before < LOSES_AT && table.records.size === LOSES_AT;
        if (isMet && oldest !== undefined) table.records.delete(oldest);
      },
    }),
  }),
] as const;
