import { expect } from 'chai';
import { githubAnnotations } from './github';
import { ACTING_CHARACTER, HOSTILE_TEXTS, hostileReport } from '../testing/hostile';
import { fullReport } from '../testing/full-report';
import { manyResults, reportOf, resultOf } from '../testing/sample-report';

/** Reads commands back as the runner does. */
function parsed(text: string): { command: string; title: string; message: string }[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const match = /^::(error|warning) title=([^:,]*)::(.*)$/.exec(line);
      expect(match, line).not.to.equal(null);
      const [, command, title, message] = match!;
      const data = (value: string): string =>
        value.replace(/%0A/g, '\n').replace(/%3A/g, ':').replace(/%2C/g, ',').replace(/%25/g, '%');
      return { command: command!, title: data(title!), message: data(message!) };
    });
}

describe('GitHub annotations', () => {
  it('are errors for what decides, warnings for failures that do not', () => {
    const all = parsed(githubAnnotations(fullReport()));
    expect(all.map(({ command, title }) => `${command} ${title}`)).to.deep.equal([
      'error CNT-07 (MUST)',
      'error CACHE-12 (SHOULD)',
      'error a request with requiredClientCount 2^32-1 is counted twice',
      'error exchange 54',
      'warning RPC-04 (SHOULD)',
    ]);
    expect(all[0]!.message).to.equal(
      'expected the server to receive 4, it received 1\nrepeat: kmsspec run CNT-07 --seed 42',
    );
  });

  it('are none where all holds, and one where nothing was conclusive', () => {
    expect(githubAnnotations(reportOf([resultOf('CNT-01')]))).to.equal('');
    expect(parsed(githubAnnotations(reportOf([])))).to.have.length(1);
  });

  it('are no more than GitHub shows, and say how many there are', () => {
    const all = parsed(githubAnnotations(manyResults(10_000)));
    expect(all.filter(({ command }) => command === 'error')).to.have.length(10);
    expect(all.filter(({ command }) => command === 'error').at(-1)!.message).to.match(/^\d+ more errors/);
  });

  for (const [index, text] of HOSTILE_TEXTS.entries()) {
    it(`hold hostile text ${index} in one line each`, () => {
      const output = githubAnnotations(hostileReport(text));
      expect(output).not.to.match(ACTING_CHARACTER);
      expect(parsed(output).length).to.be.greaterThan(1);
    });
  }
});
