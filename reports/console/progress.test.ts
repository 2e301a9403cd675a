import { expect } from 'chai';
import { Progress } from './progress';

function terminal(isTerminal: boolean): {
  progress: Progress;
  written: string[];
  pass: (ms: number) => void;
} {
  const written: string[] = [];
  let now = 1000;
  const progress = new Progress({
    write: (text) => void written.push(text),
    isTerminal,
    columns: () => 40,
    now: () => now,
  });
  return { progress, written, pass: (ms) => void (now += ms) };
}

describe('progress', () => {
  it('shows suite, requirement and time on a terminal, and clears its line in the end', () => {
    const { progress, written, pass } = terminal(true);
    progress.start(3);
    progress.begin({ suite: 'CNT', id: 'CNT-01' });
    pass(2000);
    progress.end({ suite: 'CNT', id: 'CNT-01' }, 'passed');
    progress.begin({ suite: 'CACHE', id: 'CACHE-01' });
    expect(written.at(-1)).to.equal('\r\u001b[2K1/3  2 s  CACHE  CACHE-01');
    progress.clear();
    expect(written.at(-1)).to.equal('\r\u001b[2K');
    const before = written.length;
    progress.clear();
    expect(written).to.have.length(before);
  });

  it('tells a failure at once, above its line', () => {
    const { progress, written, pass } = terminal(true);
    progress.start(2);
    progress.begin({ suite: 'CNT', id: 'CNT-01' });
    progress.end({ suite: 'CNT', id: 'CNT-01' }, 'failed');
    expect(written.slice(-2)).to.deep.equal(['\r\u001b[2K', '✗ CNT-01 failed\n']);
    pass(100);
    progress.begin({ suite: 'CNT', id: 'CNT-02' });
    expect(written.at(-1)).to.contain('1/2  0 s  ✗ 1');
  });

  it('is silent where there is no terminal', () => {
    const { progress, written } = terminal(false);
    progress.start(1);
    progress.begin({ suite: 'CNT', id: 'CNT-01' });
    progress.end({ suite: 'CNT', id: 'CNT-01' }, 'failed');
    progress.clear();
    expect(written).to.deep.equal([]);
  });

  it('neither floods a terminal nor overruns its line', () => {
    const { progress, written, pass } = terminal(true);
    progress.start(10_000);
    for (let index = 0; index < 1000; index += 1) {
      progress.begin({ suite: 'S', id: `S-${index}-${'x'.repeat(100)}` });
      pass(1);
    }
    expect(written).to.have.length(20);
    for (const text of written) expect(text.length).to.be.at.most('\r\u001b[2K'.length + 39);
  });

  it('writes nothing of an id that a terminal would obey', () => {
    const { progress, written } = terminal(true);
    progress.start(1);
    progress.begin({ suite: '\u001b[2J', id: '\u202Ex' });
    expect(written.at(-1)).to.equal('\r\u001b[2K0/1  0 s  \\x1B[2J  \\u{202E}x');
  });
});
