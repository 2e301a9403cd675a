import { expect } from 'chai';
import fc from 'fast-check';
import { filetimeFromUnixMs, formatFiletime, unixMsFromFiletime } from './filetime';

describe('FILETIME', () => {
  const dates: readonly [ticks: bigint, text: string][] = [
    [0n, '1601-01-01T00:00:00.0000000Z'],
    [1n, '1601-01-01T00:00:00.0000001Z'],
    [9_999_999n, '1601-01-01T00:00:00.9999999Z'],
    [10_000_000n, '1601-01-01T00:00:01.0000000Z'],
    [864_000_000_000n, '1601-01-02T00:00:00.0000000Z'],
    // The last tick before and the first of 1970.
    [116_444_735_999_999_999n, '1969-12-31T23:59:59.9999999Z'],
    [116_444_736_000_000_000n, '1970-01-01T00:00:00.0000000Z'],
    // Beyond the 53 bits of a number: two ticks that a double cannot tell apart.
    [134_397_190_140_988_200n, '2026-11-21T07:16:54.0988200Z'],
    [134_397_190_140_988_201n, '2026-11-21T07:16:54.0988201Z'],
    [2_650_467_743_999_999_999n, '9999-12-31T23:59:59.9999999Z'],
    [(1n << 63n) - 1n, '+030828-09-14T02:48:05.4775807Z'],
    [(1n << 64n) - 1n, '+060056-05-28T05:36:10.9551615Z'],
  ];
  for (const [ticks, text] of dates) {
    it(`${ticks} is ${text}`, () => expect(formatFiletime(ticks)).to.equal(text));
  }

  it('says so where the year is beyond those a date holds', () => {
    const last = (8_640_000_000_000n + 11_644_473_600n) * 10_000_000n;
    expect(formatFiletime(last)).to.equal('+275760-09-13T00:00:00.0000000Z');
    expect(formatFiletime(last + 10_000_000n)).to.equal(`FILETIME ${last + 10_000_000n}`);
  });

  it('is milliseconds since 1970 and back, exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: -11_644_473_600_000, max: 8.64e15 }), (unixMs) => {
        const ticks = filetimeFromUnixMs(unixMs);
        expect(unixMsFromFiletime(ticks)).to.equal(unixMs);
        expect(formatFiletime(ticks).replace(/0000Z$/, 'Z')).to.equal(new Date(unixMs).toISOString());
      }),
    );
  });

  it('rounds down to milliseconds, before 1970 too', () => {
    const epoch = filetimeFromUnixMs(0);
    expect(unixMsFromFiletime(epoch + 9_999n)).to.equal(0);
    expect(unixMsFromFiletime(epoch - 1n)).to.equal(-1);
    expect(unixMsFromFiletime(epoch - 10_000n)).to.equal(-1);
    expect(unixMsFromFiletime(epoch - 10_001n)).to.equal(-2);
    expect(unixMsFromFiletime(0n)).to.equal(-11_644_473_600_000);
  });
});
