import { expect } from 'chai';
import { sleepUntil } from './sleep-until';

/** A clock whose timers wake early by a share of a millisecond, and never after more than so many. */
function earlyTimers(earlyMs: number) {
  const waits: number[] = [];
  let nowMs = 0;
  const wait = (ms: number): Promise<void> => {
    waits.push(ms);
    nowMs += ms - earlyMs;
    return Promise.resolve();
  };
  return { waits, wait, now: () => nowMs };
}

describe('sleepUntil', () => {
  it('returns once the time has come, though timers wake early', async () => {
    const clock = earlyTimers(0.75);
    await sleepUntil(5.5, clock);
    expect(clock.now()).to.be.at.least(5.5);
    expect(clock.waits).to.deep.equal([6, 1]);
  });

  it('returns at once where the time has passed', async () => {
    const clock = earlyTimers(0);
    await sleepUntil(0, clock);
    await sleepUntil(-7, clock);
    expect(clock.waits).to.deep.equal([]);
  });

  it('waits longer than a timer can', async () => {
    const clock = earlyTimers(0);
    await sleepUntil(3e9, clock);
    expect(clock.waits).to.deep.equal([0x7fff_ffff, 3e9 - 0x7fff_ffff]);
  });

  it('waits by the clock of Node, and no longer than until it is interrupted', async () => {
    const atMs = performance.now() + 2.3;
    await sleepUntil(atMs);
    expect(performance.now()).to.be.at.least(atMs);
    const interruption = new AbortController();
    const sleeping = sleepUntil(Infinity, { signal: interruption.signal });
    interruption.abort();
    await sleeping;
    await sleepUntil(Infinity, { signal: interruption.signal });
  });
});
