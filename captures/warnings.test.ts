import { expect } from 'chai';
import { WarningLog } from './warnings';

describe('warnings of a capture', () => {
  it('are kept as they come, some topics once', () => {
    const log = new WarningLog();
    log.add(1, 'a');
    log.addOnce('topic', 2, 'b');
    log.addOnce('topic', 3, 'c');
    log.addOnce('another', 4, 'd');
    expect(log.list.map(({ offset, message }) => `${offset} ${message}`)).to.deep.equal([
      '1 a',
      '2 b',
      '4 d',
    ]);
  });

  it('stay few however many there are, and say how many more and where the last of them was', () => {
    const log = new WarningLog();
    for (let offset = 0; offset < 100_000; offset++) log.add(offset, 'bad');
    expect(log.list).to.have.length(201);
    expect(log.list[199]).to.deep.equal({ offset: 199, message: 'bad' });
    expect(log.list[200]!.message).to.equal('99800 more warnings from here on');
  });
});
