import { expect } from 'chai';
import { formatDuration, parseDuration } from './duration';

describe('durations', () => {
  it('are read in seconds, alone or composed', () => {
    const read: [string, number][] = [
      ['30s', 30],
      ['500ms', 0.5],
      ['29d23h', 2_588_400],
      ['1.5h', 5400],
      ['2w', 1_209_600],
      ['1m30s', 90],
    ];
    for (const [text, seconds] of read) expect(parseDuration(text), text).to.equal(seconds);
  });

  it('are nothing else', () => {
    for (const text of ['', '30', 's', '-5s', '5 s', '1e3s', '5y', '5s,', 'NaNs', '1.s']) {
      expect(parseDuration(text), text).to.equal(undefined);
    }
  });

  it('are shown with the two units that matter', () => {
    const shown: [number, string][] = [
      [0.012, '12ms'],
      [1.44, '1.4s'],
      [90, '1m 30s'],
      [2_588_400, '29d 23h'],
      [2_592_000, '30d'],
      [86_461, '1d 1m'],
    ];
    for (const [seconds, text] of shown) expect(formatDuration(seconds)).to.equal(text);
  });
});
