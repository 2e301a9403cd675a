import { expect } from 'chai';
import { lexer, marked, type Token, type Tokens } from 'marked';
import { writeComparisonMarkdown } from '../comparison/markdown';
import { compareReports } from '../results/compare';
import { makeVisibleLine } from '../escape/visible';
import { writeMarkdown } from './markdown';
import { OUTCOMES } from '../results/model';
import { ACTING_CHARACTER, HOSTILE_TEXTS, hostileReport } from '../testing/hostile';
import { fullReport } from '../testing/full-report';
import { manyResults, reportOf, resultsOfEveryOutcome } from '../testing/sample-report';
import { OUTCOME_WORDS } from '../results/wording';

/** Every token of a text, however deep. */
function tokensOf(markdown: string): Token[] {
  const all: Token[] = [];
  void marked.walkTokens(lexer(markdown), (token) => void all.push(token));
  return all;
}

describe('Markdown', () => {
  it('parses back to the same counts by suite and outcome', () => {
    const results = resultsOfEveryOutcome();
    const table = lexer(writeMarkdown(reportOf(results))).find(
      (token) => token.type === 'table',
    ) as Tokens.Table;
    const outcomes = table.header
      .slice(1)
      .map(({ text }) => OUTCOMES.find((each) => text.endsWith(OUTCOME_WORDS[each])));
    expect(outcomes).to.have.members([...OUTCOMES]);
    for (const row of table.rows.slice(0, -1)) {
      const counts = new Map(outcomes.map((outcome, index) => [outcome, Number(row[index + 1]!.text)]));
      const suite = results.filter((result) => result.suite === row[0]!.text);
      for (const outcome of OUTCOMES) {
        expect(counts.get(outcome), `${row[0]!.text} ${outcome}`).to.equal(
          suite.filter((each) => each.outcome === outcome).length,
        );
      }
    }
  });

  it('names every result that did not pass', () => {
    const text = writeMarkdown(fullReport()).replaceAll('\\-', '-');
    for (const { id, outcome } of resultsOfEveryOutcome()) {
      if (outcome !== 'passed') expect(text).to.contain(id);
    }
  });

  for (const [index, text] of HOSTILE_TEXTS.entries()) {
    it(`holds hostile text ${index} as text`, () => {
      const markdown = writeMarkdown(hostileReport(text));
      expect(markdown).not.to.match(ACTING_CHARACTER);
      const html = marked.parse(markdown, { async: false, gfm: true });
      const elements = [...html.matchAll(/<\/?([a-z][a-z0-9]*)([^>]*)>/gi)];
      expect(
        elements.filter(([, name]) => !ELEMENTS.has(name!.toLowerCase())).map(([all]) => all),
      ).to.deep.equal([]);
      expect(
        elements.filter(
          ([, , attributes]) => !/^( align="right"| class="language-text")?$/.test(attributes!),
        ),
      ).to.deep.equal([]);
      const own = tokensOf(writeMarkdown(hostileReport('plain'))).filter(({ type }) =>
        ACTIVE.has(type),
      ).length;
      expect(tokensOf(markdown).filter(({ type }) => ACTIVE.has(type))).to.have.length(own);
      const code = tokensOf(markdown).filter(({ type }) => type === 'codespan') as Tokens.Codespan[];
      expect(
        code.some(
          (span) => span.text === makeVisibleLine(text).trim() || span.text === makeVisibleLine(text),
        ),
      ).to.equal(true);
    });

    it(`holds hostile text ${index} as text in a comparison`, () => {
      const markdown = writeComparisonMarkdown(compareReports(fullReport(), hostileReport(text)));
      const html = marked.parse(markdown, { async: false, gfm: true });
      expect(
        [...html.matchAll(/<\/?([a-z][a-z0-9]*)/gi)].filter(([, name]) => !ELEMENTS.has(name!)),
      ).to.deep.equal([]);
    });
  }

  it('fits a job summary, however many failures there are', () => {
    const report = manyResults(30_000);
    expect(Buffer.byteLength(writeMarkdown(report))).to.be.below(1_048_576);
    expect(writeMarkdown(report, { maxBytes: 30_000 })).to.match(
      /and \d+ more, in the HTML and JSON reports/,
    );
    const failed = report.results.filter(({ outcome }) => /failed|unexpected-pass/.test(outcome)).length;
    const bare = writeMarkdown(report, { maxBytes: 1 });
    expect(bare).to.contain(`… and ${failed} more`).and.not.to.contain('#### ');
  });
});

/** What the writer itself makes; no link, image, emphasis in a cell or raw HTML of a host's may come to these. */
const ELEMENTS = new Set(
  'h2 h3 h4 p table thead tbody tr th td ul li code pre details summary strong'.split(' '),
);
const ACTIVE = new Set([
  'link',
  'image',
  'html',
  'em',
  'strong',
  'del',
  'hr',
  'blockquote',
  'heading',
  'code',
  'table',
]);
