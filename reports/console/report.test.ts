import { expect } from 'chai';
import fc from 'fast-check';
import { writeComparisonConsole } from '../comparison/console';
import { compareReports } from '../results/compare';
import { makeVisible, makeVisibleLine } from '../escape/visible';
import { escapeTerminal, escapeTerminalLines } from '../escape/terminal';
import { ACTING_CHARACTER, HOSTILE_TEXTS, hostileReport } from '../testing/hostile';
import { fullReport } from '../testing/full-report';
import { manyResults, reportOf, resultOf, resultsOfEveryOutcome } from '../testing/sample-report';
import { OUTCOME_SIGN } from '../results/wording';
import { writeConsole } from './report';
import { trajectoryTable } from './sections';

const plain = { color: false } as const;
const withoutColor = (text: string): string => text.replace(/\u001b\[\d+m/g, '');

describe('the console report', () => {
  it('parses back to the counts of every suite and outcome', () => {
    const lines = writeConsole(reportOf(resultsOfEveryOutcome()), plain).split('\n');
    const head = lines.findIndex((line) => line.trimStart().startsWith('suite'));
    const row = (suite: string): string[] =>
      lines
        .slice(head)
        .find((line) => line.trim().startsWith(`${suite} `))!
        .trim()
        .split(/\s+/)
        .slice(1);
    expect(row('CNT')).to.deep.equal(['1', '·', '·', '1', '·', '·', '1', '1']);
    expect(row('all')).to.deep.equal(['2', '1', '1', '1', '2', '1', '1', '2']);
    expect(lines[head]).to.match(
      /suite\s+✗ failed\s+! unexpected pass\s+… not run\s+\? inconclusive\s+– untestable\s+≈ expected failure\s+○ excluded\s+✓ passed/,
    );
  });

  it('tells failures last but for the summary, each with clause, difference and the line that repeats it', () => {
    const text = writeConsole(fullReport(), plain);
    const at = (part: string): number => {
      expect(text).to.contain(part);
      return text.indexOf(part);
    };
    expect(at('✗ CNT-07 failed (MUST)')).to.be.greaterThan(at('no control for its clock'));
    expect(at('expected count 4')).to.be.greaterThan(at('source   UK 2.2, EN'));
    expect(at('repeat   kmsspec run CNT-07 --seed 42')).to.be.below(at('FAILED'));
    expect(text)
      .to.contain('✗ RPC-04 failed (SHOULD, non-blocking)')
      .and.to.contain('failed in 1 of 2 attempts');
    expect(text.trimEnd().split('\n').at(-1)).to.match(/seed 42; 12\.3 s; exit code 1$/);
  });

  it('folds what it tells to the terminal, words whole and commands uncut', () => {
    const wide = writeConsole(fullReport(), plain);
    const narrow = writeConsole(fullReport(), { ...plain, width: 60 });
    const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');
    expect(words(narrow)).to.deep.equal(words(wide));
    const failure = narrow.slice(narrow.indexOf('✗ CNT-07'), narrow.indexOf('✗ RPC-04')).split('\n');
    expect(failure.length).to.be.greaterThan(9);
    for (const line of failure) expect(line.length, line).to.be.at.most(60);
    const repeat =
      'kmsspec run CNT-07 --seed 42 --target 127.0.0.1:1688 --profile win7-2008r2 --timeout 5000';
    const long = reportOf([resultOf('CNT-07', { outcome: 'failed', message: 'no', repeat })]);
    expect(writeConsole(long, { ...plain, width: 60 })).to.contain(repeat);
  });

  it('names the source of a failure once', () => {
    const source = 'understanding-kms 2.3; volume-activation-article';
    const text = writeConsole(
      reportOf([
        resultOf('CNT-07', { outcome: 'failed', source, message: `expected 50, received 49 (${source})` }),
      ]),
      plain,
    );
    expect(text.split(source)).to.have.length(2);
    expect(text).to.contain('message  expected 50, received 49\n');
  });

  it('tells why the target was lost once', () => {
    const why = '127.0.0.1:9 refused the connection while connecting: nothing listens there';
    const report = reportOf([
      resultOf('CNT-01', { outcome: 'not-run', reason: `the host could not be reached: ${why}` }),
    ]);
    report.run = { ...report.run, ended: 'target-unreachable', endedMessage: why };
    const text = writeConsole(report, plain);
    expect(text.split(why)).to.have.length(2);
    expect(text).to.contain('not run: the host could not be reached\n').and.to.contain(`died (${why})`);
  });

  it('says the same with colour and without, and colours only then', () => {
    const report = fullReport();
    const colored = writeConsole(report, { color: true });
    expect(colored).to.match(/\u001b\[31m/);
    expect(withoutColor(colored)).to.equal(writeConsole(report, plain));
  });

  it('ends in a summary of one screen, however many results there are', () => {
    const text = writeConsole(manyResults(10_000), { ...plain, width: 100 });
    const summary = text.slice(text.indexOf('  suite')).split('\n');
    expect(summary.length).to.be.below(50);
    expect(text).to.contain('are not shown here: --html or --json has all');
  });

  for (const [index, text] of HOSTILE_TEXTS.entries()) {
    it(`shows hostile text ${index} without obeying it`, () => {
      const outputs = [
        writeConsole(hostileReport(text), plain),
        writeConsole(hostileReport(text), { ...plain, width: 30 }),
        withoutColor(writeConsole(hostileReport(text), { color: true })),
        writeComparisonConsole(compareReports(fullReport(), hostileReport(text)), plain),
      ];
      for (const output of outputs) {
        expect(output).not.to.match(ACTING_CHARACTER);
        expect(output).not.to.match(/##\[/);
        expect(output).not.to.match(/^\s*::/m);
      }
    });
  }

  it('lets no character through that acts, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
          size: 'max',
          maxLength: 60,
        }),
        (text) => {
          expect(escapeTerminal(text))
            .not.to.match(ACTING_CHARACTER)
            .and.not.to.match(/[\n\t]/);
          expect(makeVisible(text)).not.to.match(ACTING_CHARACTER);
          expect(
            escapeTerminalLines(text, '| ')
              .split('\n')
              .every((line) => line.startsWith('| ')),
          ).to.equal(true);
        },
      ),
      { seed: 6, numRuns: 2000 },
    );
  });

  it('leaves readable text as it is', () => {
    for (const text of ['Größe 木 – „ok“ 👍', 'a\\b "c" <d>', ''])
      expect(makeVisibleLine(text)).to.equal(text);
  });

  it('shows the first difference in a table of counts that is cut', () => {
    const table = trajectoryTable(fullReport().trajectory!, 10);
    expect(table.split('\n')).to.have.length(12);
    expect(table)
      .to.match(/54 {2}client 40\s+50\s+49\s+50\s+✗/)
      .and.to.contain('more not shown');
  });

  it('has a sign of its own for each outcome', () => {
    expect(new Set(Object.values(OUTCOME_SIGN)).size).to.equal(8);
  });

  it('says that nothing was conclusive where nothing was', () => {
    const text = writeConsole(
      reportOf([resultOf('CNT-01', { outcome: 'untestable', reason: 'no clock' })]),
      plain,
    );
    expect(text)
      .to.contain('NOTHING CONCLUSIVE')
      .and.to.match(/exit code 4\n$/);
  });
});
