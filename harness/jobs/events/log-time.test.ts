import { expect } from 'chai';
import { formatMinute, readClientTime, readLoggedAt } from './log-time';

const minute = Date.UTC(2026, 10, 21, 7, 6) / 60_000;
const evening = Date.UTC(2026, 10, 21, 19, 6) / 60_000;

describe('times in logs', () => {
  it('of clients are read in the forms of Windows and of exports', () => {
    for (const text of [
      '2026/11/21 7:06',
      '2026-11-21T07:06:59.123Z',
      '2026-11-21 07:06',
      '2026.11.21 7:06',
      '21.11.2026 07:06',
      '21.11.2026, 07:06:12',
      '21-11-2026 7.06',
      '21/11/2026 07:06:00',
      '11/21/2026 7:06',
      '11/21/2026 7:06 AM',
      '11/21/2026\u202f7:06:54\u202fAM',
      '\u200e11\u200e/\u200e21\u200e/\u200e2026\u200e 7:06',
      '2026/11/21 上午 7:06',
      '2026年11月21日 7:06',
      '2026. 11. 21. 오전 7:06',
      '21/11/2569 7:06',
    ]) {
      expect(readClientTime(text).minute, text).to.equal(minute);
    }
    for (const text of [
      '11/21/2026 7:06 PM',
      '21/11/2026 7:06 p. m.',
      '2026/11/21 午後 7:06',
      '2026/11/21 19:06',
    ]) {
      expect(readClientTime(text).minute, text).to.equal(evening);
    }
  });

  it('say whether the day stands first, or leave it open', () => {
    expect(readClientTime('21/11/2026 7:06').dayFirst).to.equal(true);
    expect(readClientTime('11/21/2026 7:06').dayFirst).to.equal(false);
    expect(readClientTime('3/4/2026 7:06')).to.deep.equal({
      minute: Date.UTC(2026, 2, 4, 7, 6) / 60_000,
      dayFirstMinute: Date.UTC(2026, 3, 3, 7, 6) / 60_000,
      dayFirst: null,
    });
    expect(readClientTime('3.4.2026 7:06').minute).to.equal(Date.UTC(2026, 3, 3, 7, 6) / 60_000);
  });

  it('are not guessed', () => {
    for (const text of [
      '',
      'FILETIME 1',
      '2026/11/21',
      '2026/13/01 7:06',
      '31.02.2026 7:06',
      '2026/11/21 24:06',
      '2026/11/21 7:61',
      '13/21/2026 1:00',
      '11/21/2026 13:06 PM',
      '2026/11/21 7:06 XY',
    ]) {
      expect(readClientTime(text).minute, text).to.equal(null);
    }
  });

  it('of logging are taken where the text says the zone', () => {
    const ms = Date.UTC(2026, 10, 21, 7, 16, 54);
    for (const text of [
      '2026-11-21T07:16:54.000000000Z',
      '2026-11-21 07:16:54Z',
      '2026-11-21T08:16:54.0000000+01:00',
      `/Date(${ms})/`,
      `\\/Date(${ms})\\/`,
    ]) {
      expect(readLoggedAt(text), text).to.equal(ms);
    }
    for (const text of ['', '11/21/2026 7:16:54 AM', '2026-11-21T07:16:54', '/Date(x)/']) {
      expect(readLoggedAt(text), text).to.equal(null);
    }
  });

  it('are written as hosts write them', () => {
    expect(formatMinute(minute)).to.equal('2026/11/21 7:06');
  });
});
