import { expect } from 'chai';
import { Patience } from './patience';

const DEADLINE_MS = 15_000;

describe('patience with a host', () => {
  it('is a multiple of its slowest honest answer, and never beyond the deadline', () => {
    const patience = new Patience(DEADLINE_MS, 20);
    const before = patience.usualMs;
    patience.answered(1000);
    expect(patience.usualMs).to.be.greaterThan(1000).and.greaterThan(before);
    patience.answered(14_000);
    expect(patience.usualMs).to.equal(DEADLINE_MS);
    expect(new Patience(50, 1).usualMs).to.equal(50);
  });

  it('forgets what was slow long ago', () => {
    const patience = new Patience(DEADLINE_MS, 3000);
    for (let i = 0; i < 3000; i++) patience.answered(1);
    expect(patience.usualMs).to.be.lessThan(1000);
  });

  it('is short for what was met with silence again and again, until that is answered', () => {
    const patience = new Patience(DEADLINE_MS, 20);
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
    const patience = new Patience(DEADLINE_MS, 2);
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
    const patience = new Patience(DEADLINE_MS, 2);
    for (let i = 0; i < 3; i++) patience.wasTooShort();
    const { usualMs } = patience;
    expect(usualMs).to.be.greaterThan(1000);
    for (let i = 0; i < 500; i++) patience.answered(2);
    expect(patience.usualMs).to.equal(usualMs);
    for (let i = 0; i < 500; i++) patience.answered(2);
    expect(patience.usualMs).to.equal(200);
  });

  it('grows where a wait was too short, up to the deadline', () => {
    const patience = new Patience(DEADLINE_MS, 1);
    let before = 0;
    for (let i = 0; i < 3; i++) {
      expect(patience.usualMs).to.be.greaterThan(before);
      before = patience.usualMs;
      patience.wasTooShort();
    }
    for (let i = 0; i < 20; i++) patience.wasTooShort();
    expect(patience.usualMs).to.equal(DEADLINE_MS);
  });
});
