import { expect } from 'chai';
import fc from 'fast-check';
import { CalendarQueue } from './calendar-queue';
import { EventQueue } from './event-queue';

const QUEUES = {
  EventQueue: () => new EventQueue(),
  'CalendarQueue with short pages': () => new CalendarQueue(3),
  'CalendarQueue with tiny pages': () => new CalendarQueue(0.01),
  'CalendarQueue with one page': () => new CalendarQueue(1000),
};

for (const [name, make] of Object.entries(QUEUES))
  describe(name, () => {
    it('gives events in order of time, those of one instant in the order in which they came', () => {
      const pushes = fc.array(fc.record({ push: fc.boolean(), time: fc.integer({ min: 0, max: 20 }) }), {
        maxLength: 3000,
        size: 'max',
      });
      fc.assert(
        fc.property(pushes, (steps) => {
          const queue = make();
          let nowMs = 0;
          const waiting: { time: number; payload: number }[] = [];
          for (const [payload, { push, time }] of steps.entries()) {
            if (push || waiting.length === 0) {
              // Time does not run backwards: nothing is put in before what was taken out last.
              queue.push(nowMs + time, payload);
              waiting.push({ time: nowMs + time, payload });
              continue;
            }
            const next = waiting.reduce((first, event) => (event.time < first.time ? event : first));
            expect(queue.firstMs).to.equal(next.time);
            expect(queue.pop()).to.equal(next.payload);
            nowMs = next.time;
            waiting.splice(waiting.indexOf(next), 1);
          }
          expect(queue.size).to.equal(waiting.length);
        }),
        { numRuns: 30 },
      );
    });

    it('knows no time where it is empty, and refuses to give', () => {
      const queue = make();
      expect(queue.firstMs).to.equal(Infinity);
      expect(() => queue.pop()).to.throw(RangeError);
    });

    it('keeps payloads up to 32 bits and times to the fraction of a millisecond', () => {
      const queue = make();
      queue.push(1.25, 0xffffffff);
      queue.push(1.125, 7);
      expect(queue.firstMs).to.equal(1.125);
      expect([queue.pop(), queue.pop()]).to.deep.equal([7, 0xffffffff]);
    });
  });
