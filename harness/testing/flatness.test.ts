import { expect } from 'chai';
import * as fc from 'fast-check';
import { growthOf } from './flatness';

const ALLOWANCE = { absolute: 4, share: 0.05, by: 'median' } as const;
const series = (length: number, value: (i: number) => number): number[] =>
  Array.from({ length }, (_, i) => value(i));

describe('growthOf', () => {
  it('takes what stays, what falls and what only rises while it warms up as flat', () => {
    for (const value of [
      () => 50,
      (i: number) => 100 - i / 4,
      (i: number) => Math.min(50, i * 3),
      (i: number) => 50 + (i % 2) * 40,
    ])
      expect(growthOf(series(100, value), ALLOWANCE).isFlat).to.equal(true);
  });

  it('tells a slow leak under a saw', () => {
    const { early, late, isFlat } = growthOf(
      series(100, (i) => 50 + i / 8 + (i % 5)),
      ALLOWANCE,
    );
    expect(isFlat).to.equal(false);
    expect(late - early).to.be.closeTo(6.25, 1);
  });

  it('tells a leak of one handle in ten samples, where none is allowed', () => {
    const leaking = series(60, (i) => 20 + Math.floor(i / 10));
    expect(growthOf(leaking, { absolute: 1, share: 0, by: 'lowest' }).isFlat).to.equal(false);
  });

  it('compares the lowest where it is told to: work at hand is no leak', () => {
    const busier = series(60, (i) => (i % 7 === 0 ? 20 : 20 + i));
    expect(growthOf(busier, { absolute: 1, share: 0, by: 'median' }).isFlat).to.equal(false);
    expect(growthOf(busier, { absolute: 1, share: 0, by: 'lowest' }).isFlat).to.equal(true);
  });

  it('is not impressed by one sample, and is by a step late in the series', () => {
    const spike = series(40, (i) => (i === 39 ? 1000 : 50));
    expect(growthOf(spike, ALLOWANCE).isFlat).to.equal(true);
    const step = series(40, (i) => (i < 33 ? 50 : 60));
    expect(growthOf(step, ALLOWANCE).isFlat).to.equal(false);
  });

  it('allows the larger of the two allowances', () => {
    const grown = series(100, (i) => (i < 60 ? 1000 : 1040));
    expect(growthOf(grown, ALLOWANCE)).to.include({ early: 1000, late: 1040, allowed: 50, isFlat: true });
    expect(growthOf(grown, { ...ALLOWANCE, share: 0.01 }).isFlat).to.equal(false);
  });

  it('tells every straight rise beyond its allowance, however long the series', () => {
    fc.assert(
      fc.property(fc.integer({ min: 12, max: 500 }), fc.integer({ min: 100, max: 1000 }), (length, rise) => {
        const leaking = series(length, (i) => (rise * i) / (length - 1));
        expect(growthOf(leaking, { absolute: rise / 4, share: 0, by: 'median' }).isFlat).to.equal(false);
      }),
    );
  });

  it('says nothing about a handful of samples', () => {
    expect(() =>
      growthOf(
        series(11, () => 1),
        ALLOWANCE,
      ),
    ).to.throw(RangeError, /11 samples/);
  });
});
