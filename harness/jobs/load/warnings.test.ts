import { expect } from 'chai';
import type { LoadPlan } from './plan';
import { countFailure, type LoadTally, newTally } from './tally';
import { warningsOf } from './warnings';

const plan: LoadPlan = {
  endpoint: { host: '127.0.0.1', port: 1688 },
  rate: { from: 1000, to: 1000 },
  durationMs: 10_000,
  warmupMs: 0,
  rampMs: 0,
  mode: 'kept',
  connections: 16,
  timeoutMs: 15_000,
  seed: 1,
  product: 'win7',
  machines: 100,
  fresh: true,
  sources: [],
  closeWith: 'fin',
  macKey: null,
};

/** A load whose requests started so late, in milliseconds. */
function tally(lateMs: readonly number[], more: Partial<LoadTally> = {}): LoadTally {
  const made = Object.assign(newTally(), more);
  for (const ms of lateMs) made.lateness.recordValue(ms * 1000);
  return made;
}

const times = (count: number, value: number): number[] => new Array<number>(count).fill(value);

describe('warnings that a load did not measure the host', () => {
  it('stay away where requests started in time', () => {
    expect(warningsOf(plan, 1, tally(times(1000, 1), { busy: 0.6 }), 1000)).to.deep.equal([]);
    expect(warningsOf(plan, 1, tally([...times(995, 1), ...times(5, 200)]), 1000)).to.deep.equal([]);
  });

  it('tell that the generator started requests late although a connection was free', () => {
    const [warning, ...others] = warningsOf(plan, 3, tally([...times(980, 1), ...times(20, 8)]), 1000);
    expect(warning).to.match(/the generator was the limit: .* 8\.0 ms late or more; use more threads than 3/);
    expect(others).to.deep.equal([]);
  });

  it('tell that its threads had no time left, where the rate was not held or none was asked for', () => {
    const busy = tally(times(1000, 1), { busy: 0.97 });
    expect(warningsOf(plan, 1, busy, 1000)).to.deep.equal([]);
    expect(warningsOf(plan, 1, busy, 990).join()).to.include('was the limit: its threads were busy 97 %');
    expect(warningsOf({ ...plan, rate: null }, 1, busy, 9000).join()).to.include('may be the limit');
  });

  it('tell that this machine has no more ports', () => {
    const limited = tally([]);
    countFailure(limited, 'local-limit (connect)', 12);
    expect(warningsOf(plan, 1, limited, 1000).join())
      .to.include('was reached 12 times')
      .and.include('--sources');
    const each = { ...plan, mode: 'each' as const, durationMs: 1000 };
    const near = tally([], { opened: 70_000 });
    expect(warningsOf(each, 1, near, 1000).join()).to.match(/70000 connections a second from one address/);
    expect(warningsOf({ ...each, closeWith: 'reset' }, 1, near, 1000)).to.deep.equal([]);
    const sources = Array.from({ length: 20 }, (_, i) => `127.0.0.${i + 2}`);
    expect(warningsOf({ ...each, sources }, 1, near, 1000)).to.deep.equal([]);
  });
});
