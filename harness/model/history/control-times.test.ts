import { expect } from 'chai';
import fc from 'fast-check';
import { ControlTimes } from './control-times';
import type { HistoryControl } from './history';

const times = fc
  .record({ startMs: fc.nat(30), lastsMs: fc.nat(8) })
  .map(({ startMs, lastsMs }) => ({ startMs, endMs: startMs + lastsMs }));

describe('times of controls', () => {
  it('are met where one control or another was under way', () => {
    fc.assert(
      fc.property(fc.array(times, { maxLength: 6 }), times, (all, asked) => {
        const controls = all.map(
          (one): HistoryControl => ({ kind: 'control', control: 'restart', advanceMs: 0, ...one }),
        );
        const meets = all.some(({ startMs, endMs }) => startMs <= asked.endMs && endMs >= asked.startMs);
        expect(new ControlTimes(controls).meet(asked)).to.equal(meets);
      }),
    );
  });
});
