import { expect } from 'chai';
import fc from 'fast-check';
import { Schedule } from './schedule';
import { countFailure, encodeTally, mergeTallies, newTally, toMicroseconds } from './tally';

describe('the schedule of an open loop', () => {
  it('spaces a rate evenly', () => {
    const schedule = new Schedule([{ seconds: 2, fromRate: 1000, toRate: 1000 }]);
    expect(schedule.total).to.equal(2000);
    expect([schedule.at(0), schedule.at(1), schedule.at(999), schedule.at(1999)]).to.deep.equal([
      0, 1, 999, 1999,
    ]);
    expect(schedule.at(2000)).to.equal(Infinity);
  });

  it('rises from nothing to its rate: half of the requests, a quarter of them in the first half', () => {
    const schedule = new Schedule([{ seconds: 10, fromRate: 0, toRate: 100 }]);
    expect(schedule.total).to.equal(500);
    expect(schedule.at(125)).to.be.closeTo(5000, 1e-6);
    expect(schedule.at(499)).to.be.below(10_000);
  });

  it('never runs backwards, has every request within its stretch, and the rate that was asked for', () => {
    const stretch = fc.record({
      seconds: fc.integer({ min: 1, max: 20 }),
      fromRate: fc.integer({ min: 0, max: 300 }),
      toRate: fc.integer({ min: 1, max: 300 }),
    });
    fc.assert(
      fc.property(fc.array(stretch, { minLength: 1, maxLength: 4 }), (stretches) => {
        const schedule = new Schedule(stretches);
        const asked = stretches.reduce(
          (sum, { seconds, fromRate, toRate }) => sum + ((fromRate + toRate) / 2) * seconds,
          0,
        );
        expect(schedule.total).to.be.within(Math.floor(asked) - 1, Math.ceil(asked));
        const starts = Array.from({ length: schedule.total }, (_, n) => schedule.at(n));
        const misplaced = starts.filter((at, n) => at < (starts[n - 1] ?? 0) || !(at <= schedule.durationMs));
        expect(misplaced).to.deep.equal([]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('tallies of threads', () => {
  it('add up to what one thread would have measured, value for value', () => {
    const whole = newTally();
    const parts = [newTally(), newTally(), newTally()];
    for (let i = 0; i < 3000; i++) {
      const value = toMicroseconds(Math.exp(i / 300));
      whole.fromActual.recordValue(value);
      parts[i % 3]!.fromActual.recordValue(value);
      parts[i % 3]!.requests++;
    }
    countFailure(parts[0]!, 'reset (answer)');
    countFailure(parts[2]!, 'reset (answer)', 2);
    const merged = mergeTallies(parts.map(encodeTally));
    expect(merged.requests).to.equal(3000);
    expect(merged.failures.get('reset (answer)')).to.equal(3);
    for (const percentile of [0, 1, 25, 50, 90, 99, 99.9, 100]) {
      expect(merged.fromActual.getValueAtPercentile(percentile)).to.equal(
        whole.fromActual.getValueAtPercentile(percentile),
      );
    }
    expect(merged.fromActual.totalCount).to.equal(3000);
  });
});
