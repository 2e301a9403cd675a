import { expect } from 'chai';
import { ACTING_CHARACTER, HOSTILE_TEXTS } from '../testing/hostile';
import { StreamEscape } from './stream';

const COMMAND = /##\w*\[|^\s*::/m;

describe('the escape of a stream', () => {
  const commands = [
    '##[error]x',
    '##vso[task.setvariable]x',
    '##teamcity[x]',
    '::set-output name=a::b',
    '  ::error::x',
  ];

  for (const text of [...HOSTILE_TEXTS, ...commands]) {
    it(`lets nothing act, however it is cut: ${JSON.stringify(text.slice(0, 30))}`, () => {
      for (const isTerminal of [false, true]) {
        const whole = new StreamEscape(isTerminal).next(text);
        expect(whole.replace(/\u001b\[[\d;]*m/g, '')).to.not.match(ACTING_CHARACTER);
        if (!isTerminal) expect(whole).to.not.contain('\u001b');
        expect(whole).to.not.match(COMMAND);
        for (let cut = 0; cut <= Math.min(text.length, 60); cut++) {
          const escape = new StreamEscape(isTerminal);
          expect(escape.next(text.slice(0, cut)) + escape.next(text.slice(cut))).to.not.match(COMMAND);
        }
        const again = new StreamEscape(isTerminal).next(whole);
        expect(again, 'what was escaped before passes unchanged').to.equal(whole);
      }
    });
  }

  it('draws lines over, and colours, on terminals only', () => {
    const drawn = '\r\u001b[2K3/4 \u001b[31mred\u001b[39m';
    expect(new StreamEscape(true).next(drawn)).to.equal(drawn);
    expect(new StreamEscape(false).next(drawn)).to.equal('\\x0D\\x1B[2K3/4 \\x1B[31mred\\x1B[39m');
    expect(new StreamEscape(true).next('host \r\u001b[2K')).to.equal('host \\x0D\\x1B[2K');
  });

  it('keeps an address at a place where a line only seems to begin', () => {
    const escape = new StreamEscape(false);
    expect(escape.next('x'.repeat(200)) + escape.next('::1 is here')).to.equal(
      `${'x'.repeat(200)}::1 is here`,
    );
  });
});
