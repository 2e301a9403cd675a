import { expect } from 'chai';
import fc from 'fast-check';
import { atLeast, isAlert, parseRange, whyAlert } from './ranges';

describe('Nagios ranges', () => {
  // Monitoring Plugins guidelines, "Threshold and Ranges": the table there, value by value.
  const rows: [string, number[], number[]][] = [
    ['10', [-1, 11, 100], [0, 5, 10]],
    ['10:', [9, 0, -5], [10, 11, 1e6]],
    ['~:10', [11, 100], [-1e6, 0, 10]],
    ['10:20', [9, 21], [10, 15, 20]],
    ['@10:20', [10, 15, 20], [9, 21]],
    ['@10', [0, 10], [-1, 11]],
    [':10', [-1, 11], [0, 10]],
    ['0:0', [1, -1], [0]],
    ['2.5:3.5', [2, 4], [2.5, 3, 3.5]],
    ['-10:-5', [-11, -4], [-10, -5]],
  ];
  for (const [text, alerts, well] of rows) {
    it(`${text} alerts on ${alerts.join(', ')}, not on ${well.join(', ')}`, () => {
      const range = parseRange(text)!;
      for (const value of alerts) expect(isAlert(range, value), String(value)).to.equal(true);
      for (const value of well) expect(isAlert(range, value), String(value)).to.equal(false);
      expect(range.text).to.equal(text);
    });
  }

  for (const text of [
    '',
    ':',
    '~',
    '~:',
    '@',
    'x',
    '10:x',
    '20:10',
    '1e3',
    '10::20',
    '10:20:30',
    '@@1',
    '10,20',
    '--1:',
    ' ',
    '1 2',
  ]) {
    it(`${JSON.stringify(text)} is none`, () => expect(parseRange(text)).to.equal(null));
  }

  it('of a minimum alert below it only', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(2000), (least, value) => {
        expect(isAlert(atLeast(least), value)).to.equal(value < least);
        expect(parseRange(atLeast(least).text)).to.deep.equal(atLeast(least));
      }),
    );
  });

  it('say what is wrong', () => {
    expect(whyAlert(parseRange('10:20')!, 9)).to.equal('fewer than 10');
    expect(whyAlert(parseRange('10:20')!, 21)).to.equal('more than 20');
    expect(whyAlert(parseRange('@10:20')!, 15)).to.equal('within 10:20');
  });
});
