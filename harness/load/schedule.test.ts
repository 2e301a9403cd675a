import { expect } from 'chai';
import fc from 'fast-check';
import { CountBounds, SharedMachines } from './count-bounds';
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

describe('bounds of counts under load', () => {
  it('lie between what had been answered and what had been sent', () => {
    const bounds = new CountBounds(25, 10, true, new SharedMachines());
    const first = bounds.send(0);
    const second = bounds.send(1);
    expect([first, second]).to.deep.equal([1, 1]);
    expect(bounds.answer(1, 2, second)).to.equal(null);
    expect(bounds.answer(0, 1, first)).to.equal(null);
    expect(bounds.send(0)).to.equal(2);
    expect(bounds.answer(0, 3, 2)).to.equal('a count of 3 where the model allows 2 to 2');
    expect(bounds.answer(0, 1, 2)).to.equal('a count of 1 where the model allows 2 to 2');
  });

  it('end at the places of the cache, which others may have filled at a host that was not fresh', () => {
    const fresh = new CountBounds(5, 100, true, new SharedMachines());
    for (let machine = 0; machine < 100; machine++) {
      const least = fresh.send(machine);
      expect(least).to.equal(Math.min(10, machine + 1));
      expect(fresh.answer(machine, Math.min(10, machine + 1), least)).to.equal(null);
    }
    const used = new CountBounds(5, 100, false, new SharedMachines());
    expect(used.answer(0, 50, used.send(0))).to.equal(null);
    expect(used.answer(1, 51, used.send(1))).to.equal('a count of 51 where the model allows 2 to 50');
  });

  it('know the machines of other threads', () => {
    const shared = new SharedMachines();
    const other = new CountBounds(25, 5, true, new SharedMachines(shared.buffer));
    const own = new CountBounds(25, 5, true, shared);
    for (let machine = 0; machine < 5; machine++) other.send(machine);
    expect(own.answer(0, 6, own.send(0))).to.equal(null);
    expect(own.answer(0, 7, own.send(0))).to.be.a('string');
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
