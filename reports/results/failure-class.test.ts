import { expect } from 'chai';
import { classOfMessage } from './failure-class';

describe('the class of a failure', () => {
  it('leaves out what changes from run to run', () => {
    const same = [
      ['expected 4 within 12 ms', 'expected 4 within 9.5 ms'],
      ['expected 2,000, it received 1999', 'expected 100, it received 61'],
      [
        'CMID d72b1ba1-9092-4185-8ba0-1b36ddf345bf came back',
        'CMID 00000000-0000-0000-0000-000000000000 came back',
      ],
      ['MAC 9131c615e2e6131e78a6714288247368', 'MAC d210444c385ed5bd3af229f02b8b3bfb'],
      ['the ePID "a" changed', 'the ePID "b \\" c" changed'],
      ['at 2026-11-21T07:16:54.000Z', 'at 2027-01-01T00:00:00Z'],
    ] as const;
    for (const [one, other] of same) expect(classOfMessage(one)).to.equal(classOfMessage(other));
  });

  it('keeps what tells failures apart', () => {
    const apart = [
      ['refused with 0xC004F042', 'refused with 0xC004F06C'],
      ['expected 4, it received 1', 'expected 4, it received nothing'],
      ['expected 50, it received 30', 'expected 50, it received 49'],
    ] as const;
    for (const [one, other] of apart) expect(classOfMessage(one)).not.to.equal(classOfMessage(other));
  });
});

/** A check that changes beside one that passes. */
