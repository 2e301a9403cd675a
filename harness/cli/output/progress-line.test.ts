import { expect } from 'chai';
import { Writable } from 'node:stream';
import { counted, ProgressLine, scrolls, type Ticker, timeLeft, whileTelling } from './progress-line';

/** Standard error that is kept, and a clock that ticks when it is told to. */
function setUp(isTerminal: boolean, silent = false) {
  let text = '';
  let [everyMs, running] = [0, 0];
  let tick = (): void => undefined;
  const ticker: Ticker = (ms, next) => {
    [everyMs, tick] = [ms, next];
    running++;
    return () => void running--;
  };
  const stderr = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  const line = new ProgressLine({ stderr, isTerminal }, silent, ticker);
  return {
    line,
    stderr,
    tick: () => tick(),
    text: () => text,
    everyMs: () => everyMs,
    running: () => running,
  };
}

describe('the progress of a job', () => {
  it('is one line on a terminal, drawn over and taken away', () => {
    const { line, tick, text, everyMs, running } = setUp(true);
    let n = 0;
    line.follow(() => `${++n} of 3`);
    expect(text()).to.equal('');
    tick();
    tick();
    line.say('finding 1');
    tick();
    line.end();
    expect(text()).to.equal('\r\x1b[K1 of 3\r\x1b[K2 of 3\r\x1b[Kfinding 1\n\r\x1b[K3 of 3\r\x1b[K');
    expect([everyMs() < 1000, running()]).to.deep.equal([true, 0]);
  });

  it('is a line every 10 seconds elsewhere, without anything that moves a cursor', () => {
    const { line, tick, text, everyMs } = setUp(false);
    line.follow(() => 'half');
    tick();
    tick();
    line.end();
    expect([text(), everyMs()]).to.deep.equal(['half\nhalf\n', 10_000]);
  });

  it('is nothing where it is to be quiet, whatever happens', () => {
    for (const isTerminal of [true, false]) {
      const { line, text, running } = setUp(isTerminal, true);
      line.follow(() => 'half');
      line.say('finding 1');
      line.end();
      expect([text(), running()]).to.deep.equal(['', 0]);
    }
  });

  it('shows what a host or a file said without obeying it', () => {
    const { line, tick, text } = setUp(false);
    line.follow(() => 'reading \x1b]0;mine\x07.pcap');
    tick();
    expect(text()).to.not.match(/[\x00-\x09\x0b-\x1f]/);
  });

  it('ends with the job, even where that fails', async () => {
    const { stderr, text } = setUp(false);
    const context = { stderr, stdout: stderr, isTerminal: false };
    const failing = whileTelling(
      context,
      false,
      () => 'half',
      () => Promise.reject(new Error('no')),
    );
    expect(await failing.catch((error: Error) => error.message)).to.equal('no');
    expect(
      await whileTelling(
        context,
        false,
        () => 'half',
        () => Promise.resolve(7),
      ),
    ).to.equal(7);
    expect(text()).to.equal('');
  });

  it('tells the time left once there is a rate, and none where the end is not known', () => {
    expect(timeLeft(25, 100, 10_000)).to.equal(', about 30s left');
    expect(timeLeft(1, 1000, 5000)).to.equal(', about 1h 23m left');
    for (const [done, of, ms] of [
      [0, 100, 10_000],
      [50, 100, 1000],
      [100, 100, 10_000],
      [120, 100, 10_000],
      [5, Infinity, 10_000],
    ] as const) {
      expect(timeLeft(done, of, ms)).to.equal('');
    }
    expect(counted('requests sent', () => 3, 9)()).to.equal('3 of 9 requests sent');
    expect(counted('exchanges read', () => 3, Infinity)()).to.equal('3 exchanges read');
  });

  it('leaves the terminal to results that scroll on it', () => {
    const stdout = new Writable();
    expect(scrolls({ stdout, isTerminal: true })).to.equal(false);
    Object.assign(stdout, { isTTY: true });
    expect([true, false].map((isTerminal) => scrolls({ stdout, isTerminal }))).to.deep.equal([true, false]);
  });
});
