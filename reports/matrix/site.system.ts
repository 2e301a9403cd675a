import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import type { BrowserContext, Page } from 'playwright-core';
import { runHistory } from '../results/run-history';
import { violations } from '../testing/axe';
import { withBrowser } from '../testing/browser';
import { countedPage } from '../testing/page-cost';
import { manyRuns, runOf } from '../testing/sample-history';
import { resultsOfEveryOutcome } from '../testing/sample-report';
import { hostPage } from './names';
import { matrixSite } from './site';

describe('the site of a matrix in Chromium', function () {
  this.timeout(120_000);
  const history = runHistory([
    ...manyRuns(99, 130),
    runOf(99, resultsOfEveryOutcome(), { address: '10.0.0.2:1688' }),
  ]);
  const host = history.hosts.find(({ runs }) => runs.length === 99)!;
  const PAGES = ['index.html', hostPage(host), 'compare.html'];
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-site-'));
    for (const { name, text } of matrixSite(history)) writeFileSync(join(folder, name), text);
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  async function open(context: BrowserContext, name: string, width = 1280): Promise<Page> {
    const page = await context.newPage();
    page.on('pageerror', ({ message }) => expect.fail(message));
    page.on('request', (request) => expect(new URL(request.url()).protocol).to.equal('file:'));
    await page.setViewportSize({ width, height: 860 });
    await page.goto(pathToFileURL(join(folder, name)).href);
    return page;
  }

  it('compares the runs that are chosen, keeps the choice in the address, and leads to the bytes', () =>
    withBrowser(async (context) => {
      const page = await open(context, 'compare.html');
      const runs = host.runs.map(({ key }) => key);
      await page.selectOption('#older', runs[3]!);
      await page.selectOption('#newer', runs[61]!);
      expect(await page.textContent('#told')).to.equal('1 newly failing, 1 fixed.');
      const rows = await page.locator('#changes tr').allTextContents();
      expect(rows[0]).to.match(/^S0-00✗ newly failing.*now: expected count 0, received 1$/);
      await page.reload();
      expect(await page.locator('#changes tr').allTextContents()).to.deep.equal(rows);
      await page.click('#swap');
      expect(await page.locator('#changes th').allTextContents()).to.deep.equal(['S1-01', 'S0-00']);
      const again = await open(context, PAGES[1]!);
      await again.locator('#S0-00 td a').first().click();
      expect(await again.locator('.card figure.received .hex').count()).to.be.greaterThan(0);
    }));

  for (const [width, dark] of [
    [1280, false],
    [390, true],
  ] as const) {
    it(`has no serious accessibility violation at ${width} pixels, ${dark ? 'dark' : 'light'}`, () =>
      withBrowser(async (context) => {
        const small = runHistory([
          ...manyRuns(4, 12),
          runOf(9, resultsOfEveryOutcome(), { address: '10.0.0.2:1688' }),
        ]);
        for (const { name, text } of matrixSite(small)) {
          if (!name.endsWith('.html') || name.startsWith('run-')) continue;
          writeFileSync(join(folder, `small-${name}`), text);
          const page = await open(context, `small-${name}`, width);
          expect(await violations(page), name).to.deep.equal([]);
          const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
          expect(overflow, `${name} is wider than the screen`).to.equal(0);
        }
      }, dark));
  }

  it('lays out a part of 100 runs of 130 requirements, so that they open at once', () =>
    withBrowser(async (context) => {
      for (const name of PAGES) {
        const { page, cost } = await countedPage(context);
        await page.setViewportSize({ width: 1280, height: 860 });
        await page.goto(pathToFileURL(join(folder, name)).href);
        expect((await cost()).boxes, name).to.be.below(12_000);
      }
    }));
});
