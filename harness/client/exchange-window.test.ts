import { expect } from 'chai';
import { ExchangeWindow, type SeenExchange } from './exchange-window';

/** An exchange whose bytes are its number. */
const seen = (number: number, connection?: number): SeenExchange => ({
  pdus: { sent: [Uint8Array.of(0, number)], received: [Uint8Array.of(1, number)] },
  ...(connection === undefined ? {} : { connection, requestedAt: 1_000_000n, answeredAt: null }),
});

const numbers = (window: ExchangeWindow): number[] =>
  window.evidence().flatMap(({ direction, hex }) => (direction === 'sent' ? [Number.parseInt(hex, 16)] : []));

describe('the exchanges that are kept as evidence', () => {
  it('are none where nothing fails, however long the run', () => {
    const window = new ExchangeWindow();
    for (let i = 0; i < 100; i++) window.add(seen(i));
    expect(window.evidence()).to.deep.equal([]);
  });

  it('are the one that failed and two on each side, wherever it stands', () => {
    for (let failing = 0; failing < 8; failing++) {
      const window = new ExchangeWindow();
      for (let i = 0; i < 8; i++) window.add(seen(i), i === failing ? 'a wrong count' : null);
      const around = [-2, -1, 0, 1, 2].map((by) => failing + by).filter((at) => at >= 0 && at < 8);
      expect(numbers(window), `${failing}`).to.deep.equal(around);
    }
  });

  it('tell at the last PDU of the one that failed what is wrong with it', () => {
    const window = new ExchangeWindow();
    window.add(seen(1, 5));
    window.add(seen(2, 6), 'a wrong count');
    expect(window.evidence()).to.deep.equal([
      { direction: 'sent', pdu: 'bytes', hex: '0001', connection: 5, at: '1970-01-01T00:00:00.001Z' },
      { direction: 'received', pdu: 'bytes', hex: '0101', connection: 5 },
      { direction: 'sent', pdu: 'bytes', hex: '0002', connection: 6, at: '1970-01-01T00:00:00.001Z' },
      { direction: 'received', pdu: 'bytes', hex: '0102', connection: 6, note: 'a wrong count' },
    ]);
  });

  it('are of the first failure of each kind, of four kinds, and no exchange twice', () => {
    const window = new ExchangeWindow();
    for (let i = 0; i < 200; i++) window.add(seen(i), i % 10 === 0 ? `failure ${i}` : null, `kind ${i % 70}`);
    const kept = numbers(window);
    expect(kept).to.deep.equal([...new Set(kept)].sort((a, b) => a - b));
    expect(kept).to.include.members([0, 10, 20, 30]).and.not.include(40);
    expect(kept.length).to.be.at.most(4 * 5);
    const repeated = new ExchangeWindow();
    for (let i = 0; i < 50; i++) repeated.add(seen(i), `count ${i} is wrong`, 'count');
    expect(numbers(repeated)).to.deep.equal([0, 1, 2]);
  });

  it('are those that were sent where no answer came, and pass over what went over no wire', () => {
    const window = new ExchangeWindow();
    window.add(undefined, 'a wrong count');
    window.add({ pdus: { sent: [Uint8Array.of(7)], received: [] } }, 'no answer');
    expect(window.evidence()).to.deep.equal([
      { direction: 'sent', pdu: 'bytes', hex: '07', note: 'no answer' },
    ]);
  });
});
