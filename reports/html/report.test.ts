import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { expect } from 'chai';
import { writeComparisonHtml } from '../comparison/html';
import { compareReports } from '../results/compare';
import { ACTING_CHARACTER, HOSTILE_TEXTS, hostileReport } from '../testing/hostile';
import { fullReport } from '../testing/full-report';
import { manyResults } from '../testing/sample-report';
import { writeHtml } from './report';
import { PAGE_SCRIPT } from './script';

/** Names of elements and attributes, as often as they occur, of markup whose attributes are all quoted. */
function shape(page: string): string[] {
  const markup = page.replace(/<(style|script)>[\s\S]*?<\/\1>/g, '');
  return [...markup.matchAll(/<([a-zA-Z!/][\w-]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*\/?>/g)].map(
    ([, name, attributes]) =>
      `${name} ${[...attributes!.matchAll(/\s([\w:-]+)=?/g)].length === 0 ? '' : attributes!.replace(/="[^"]*"/g, '').trim()}`,
  );
}

describe('the HTML report', () => {
  it('allows its own style and script by hash, and nothing else', () => {
    const page = writeHtml(fullReport());
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/
      .exec(page)![1]!
      .replaceAll('&#39;', "'");
    const hashOf = (tag: string): string =>
      createHash('sha256')
        .update(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page)![1]!)
        .digest('base64');
    expect(policy).to.contain("default-src 'none'");
    expect(policy).to.contain(`style-src 'sha256-${hashOf('style')}'`);
    expect(policy).to.contain(`script-src 'sha256-${hashOf('script')}'`);
    expect(policy).not.to.contain('unsafe');
  });

  it('names nothing that would be loaded', () => {
    const page = writeHtml(fullReport());
    expect(page).not.to.match(/<(link|img|iframe|object|embed|base|form[^>]* action)\b/i);
    expect(page).not.to.match(/\s(src|srcset|style|on\w+)=/i);
    expect(page).not.to.match(/https?:|url\(|@import/i);
    for (const [, href] of page.matchAll(/href="([^"]*)"/g)) expect(href).to.match(/^#/);
  });

  it('has a script that parses', () => {
    expect(() => new Script(PAGE_SCRIPT)).not.to.throw();
    expect(PAGE_SCRIPT).not.to.match(
      /innerHTML|outerHTML|insertAdjacent|document\.write|eval|fetch|XMLHttp|localStorage/,
    );
  });

  const harmless = shape(writeHtml(hostileReport('harmless')));
  for (const [index, text] of HOSTILE_TEXTS.entries()) {
    it(`has the same elements and attributes with hostile text ${index}`, () => {
      const page = writeHtml(hostileReport(text));
      expect(shape(page)).to.deep.equal(harmless);
      expect(page).not.to.match(ACTING_CHARACTER);
      const comparison = writeComparisonHtml(compareReports(fullReport(), hostileReport(text)));
      expect(comparison)
        .not.to.match(ACTING_CHARACTER)
        .and.not.to.match(/<(img|b>|h1>owned)/);
    });
  }

  it('gives every id once', () => {
    const ids = [...writeHtml(fullReport()).matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('holds 10,000 results in under 12 MB', () => {
    expect(writeHtml(manyResults(10_000)).length).to.be.below(12_000_000);
  });
});
