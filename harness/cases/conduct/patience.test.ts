import { expect } from 'chai';
import fc from 'fast-check';
import { Patience } from './patience';

const DEADLINE_MS = 15_000;

/** Patience whose clock goes on between answers, as answers of one lane come. */
function patienceWith(answerMs: number): Patience {
  let nowMs = 0;
  return new Patience(DEADLINE_MS, answerMs, () => (nowMs += 1000));
}

describe('patience with a host', () => {
  it('is a multiple of its slowest honest answer, and never beyond the deadline', () => {
    const patience = patienceWith(20);
    const before = patience.usualMs;
    patience.answered(1000);
    expect(patience.usualMs).to.be.greaterThan(1000).and.greaterThan(before);
    patience.answered(14_000);
    expect(patience.usualMs).to.equal(DEADLINE_MS);
    expect(new Patience(50, 1).usualMs).to.equal(50);
  });

  it('forgets what was slow long ago', () => {
    const patience = patienceWith(3000);
    for (let i = 0; i < 3000; i++) patience.answered(1);
    expect(patience.usualMs).to.be.lessThan(1000);
  });

  it('is short for what was met with silence again and again, until that is answered', () => {
    const patience = patienceWith(20);
    const kinds = ['kms.request size'];
    for (let i = 0; i < 2; i++) patience.heard(kinds, true);
    expect(patience.waitMs(kinds)).to.equal(patience.usualMs);
    patience.heard(kinds, true);
    expect(patience.waitMs(kinds)).to.be.lessThan(patience.usualMs).and.at.least(20);
    expect(patience.waitMs(['tcp.stream noise'])).to.equal(patience.usualMs);
    expect(patience.waitMs(['tcp.stream noise', ...kinds])).to.be.lessThan(patience.usualMs);
    for (let i = 0; i < 3; i++) patience.heard(kinds, false);
    expect(patience.waitMs(kinds)).to.equal(patience.usualMs);
  });

  it('is not told by the one answer in a hundred that a busy machine held up', () => {
    const patience = patienceWith(2);
    const kinds = ['kms.request size'];
    for (let i = 0; i < 3; i++) patience.heard(kinds, true);
    for (let i = 0; i < 400; i++) patience.answered(i % 150 === 0 ? 1500 : 2);
    expect(patience.answerMs).to.equal(1500);
    expect(patience.waitMs(kinds)).to.be.at.most(10);
    expect(patience.usualMs).to.be.at.most(200);
    for (let i = 0; i < 400; i++) patience.answered(i % 5 === 0 ? 1500 : 2);
    expect(patience.waitMs(kinds)).to.be.at.least(1500);
    expect(patience.usualMs).to.be.at.least(6000);
  });

  it('remembers for a while that a wait was too short', () => {
    const patience = patienceWith(2);
    patience.wasTooShort(patience.usualMs, null);
    expect(patience.usualMs).to.equal(400);
    for (let i = 0; i < 500; i++) patience.answered(2);
    expect(patience.usualMs).to.equal(400);
    for (let i = 0; i < 500; i++) patience.answered(2);
    expect(patience.usualMs).to.equal(200);
  });

  it('grows where waits are in vain, once for those that were at the same time, and up to a second', () => {
    const patience = patienceWith(1);
    const { usualMs } = patience;
    for (let i = 0; i < 64; i++) patience.wasTooShort(usualMs, null);
    expect(patience.usualMs).to.equal(2 * usualMs);
    for (let i = 0; i < 20; i++) patience.wasTooShort(patience.usualMs, 1);
    expect(patience.usualMs).to.equal(1000);
  });

  it('grows for what is known for silence by itself, and hardly', () => {
    const patience = patienceWith(2);
    const kinds = ['kms.request size'];
    for (let i = 0; i < 3; i++) patience.heard(kinds, true);
    const { usualMs } = patience;
    const knownMs = patience.waitMs(kinds);
    for (let i = 0; i < 64; i++) patience.wasTooShort(knownMs, null);
    expect(patience.waitMs(kinds)).to.equal(2 * knownMs);
    for (let i = 0; i < 20; i++) patience.wasTooShort(patience.waitMs(kinds), null);
    expect(patience.waitMs(kinds)).to.equal(100);
    expect(patience.usualMs).to.equal(usualMs);
  });

  it('is as long as a host needs that was seen to take long where it was waited for, beyond a second too', () => {
    const patience = patienceWith(20);
    for (let i = 0; i < 20; i++) patience.wasTooShort(patience.usualMs, 3000);
    expect(patience.usualMs).to.be.at.least(3000);
  });

  it('does not become seconds where both sides have no time for seconds now and then', () => {
    const stall = fc.record({
      afterMs: fc.integer({ min: 300, max: 3000 }),
      lastsMs: fc.integer({ min: 1, max: 8000 }),
    });
    fc.assert(
      fc.property(fc.array(stall, { maxLength: 30 }), (stalls) => {
        let nowMs = 0;
        const patience = new Patience(DEADLINE_MS, 2, () => nowMs);
        for (const { afterMs, lastsMs } of stalls) {
          // Lanes that are answered within 2 ms, until nobody runs any more.
          for (const until = nowMs + afterMs; nowMs < until; nowMs += 2) patience.answered(2);
          const waits = Array.from({ length: 64 }, () => ({ sinceMs: nowMs, waitMs: patience.usualMs }));
          nowMs += lastsMs;
          for (const { sinceMs, waitMs } of waits) {
            const tookMs = nowMs - sinceMs;
            if (tookMs > waitMs) patience.wasTooShort(waitMs, 2);
            else patience.answered(tookMs);
          }
          expect(patience.usualMs).to.be.at.most(1000);
        }
        for (const until = nowMs + 4000; nowMs < until; nowMs += 2) patience.answered(2);
        expect(patience.usualMs).to.equal(200);
      }),
      { numRuns: 100 },
    );
  });
});
