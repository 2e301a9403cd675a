import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import type { BrowserContext, Page } from 'playwright-core';
import { writeComparisonHtml } from '../comparison/html';
import { compareReports } from '../results/compare';
import { violations } from '../testing/axe';
import { withBrowser } from '../testing/browser';
import { countedPage } from '../testing/page-cost';
import { HOSTILE_TEXTS, hostileReport } from '../testing/hostile';
import { fullReport } from '../testing/full-report';
import { manyResults, resultsOfEveryOutcome } from '../testing/sample-report';
import { writeHtml } from './report';

interface Opened {
  readonly page: Page;
  /** Console errors and exceptions, the page's policy violations among them. */
  readonly complaints: string[];
  /** Every address that was asked for. */
  readonly requests: string[];
}

describe('the HTML report in Chromium', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-html-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(context: BrowserContext, html: string, width = 1280): Promise<Opened> {
    const file = join(folder, 'report.html');
    writeFileSync(file, html);
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    page.on('pageerror', (error) => void complaints.push(error.message));
    page.on('request', (request) => void requests.push(request.url()));
    await page.setViewportSize({ width, height: 860 });
    await page.goto(pathToFileURL(file).href);
    return { page, complaints, requests };
  }

  const visibleIds = (page: Page): Promise<string[]> =>
    page.evaluate<string[]>(
      `[...document.querySelectorAll('table.matrix > tbody > tr:not([hidden]) > th')].map((cell) => cell.firstChild.textContent)`,
    );

  it('parses back to the same results, in order', () =>
    withBrowser(async (context) => {
      const { page } = await open(context, writeHtml(fullReport()));
      const rows = await page.evaluate<string[][]>(
        `[...document.querySelectorAll('table.matrix > tbody > tr')].map((row) => [row.querySelector('th').firstChild.textContent, row.dataset.outcome, row.dataset.level])`,
      );
      expect(rows).to.deep.equal(
        resultsOfEveryOutcome().map(({ id, outcome, level }) => [id, outcome, level]),
      );
    }));

  it('filters by outcome, level and suite, searches, and shows all again', () =>
    withBrowser(async (context) => {
      const { page, complaints } = await open(context, writeHtml(fullReport()));
      const total = resultsOfEveryOutcome().length;
      const shown = async (count: number): Promise<string[]> => {
        await page.locator('#shown', { hasText: new RegExp(`^${count} of ${total} shown$`) }).waitFor();
        return visibleIds(page);
      };
      await page.uncheck('input[name=outcome][value=passed]');
      expect(await shown(total - 2)).not.to.include('CNT-01');
      await page.uncheck('input[name=level][value=MUST]');
      expect(await shown(4)).to.deep.equal(['RPC-04', 'CACHE-12', 'MSG-09', 'CNT-14']);
      await page.selectOption('#suite', 'CACHE');
      expect(await shown(1)).to.deep.equal(['CACHE-12']);
      await page.click('button[type=reset]');
      await shown(total);
      await page.fill('#search', 'CONTROL clock');
      expect(await shown(2)).to.deep.equal(['CACHE-07', 'CACHE-08']);
      await page.fill('#search', 'no such words');
      expect(await shown(0)).to.deep.equal([]);
      expect(complaints).to.deep.equal([]);
    }));

  it('meets the bytes of a failure behind a link to its requirement, opened, wherever it stands', () =>
    withBrowser(async (context) => {
      const { page } = await open(context, writeHtml(fullReport()));
      const ids = await page.evaluate<string[]>(
        `[...document.querySelectorAll('article.card .id[id]')].map(({ id }) => id)`,
      );
      expect(ids.length).to.be.greaterThan(1);
      const last = page.locator('article.card', { has: page.locator(`#${ids.at(-1)}`) });
      expect(await last.locator('details.body').getAttribute('open')).to.equal(null);
      await page.evaluate(`location.hash = '#${ids.at(-1)}'`);
      await last.locator('details.body[open]').waitFor();
      const box = await last.locator('h3').boundingBox();
      expect(box!.y).to.be.within(0, 860);
    }));

  it('expands by keyboard, marks a field in the bytes, and shows its charts', () =>
    withBrowser(async (context) => {
      const { page, complaints } = await open(context, writeHtml(fullReport()));
      const fields = page.locator('#r0 figure.received details.fields');
      await fields.locator('summary').focus();
      await page.keyboard.press('Enter');
      expect(await fields.getAttribute('open')).to.equal('');
      await fields.locator('button', { hasText: 'kms.response.currentClientCount' }).press('Enter');
      const bytes = await page.locator('#r0 figure.received .hex .on:not(.name)').allTextContents();
      expect(bytes).to.deep.equal(['01 00 00 00']);
      for (const id of ['trajectory-chart', 'latency-chart', 'fleet-chart']) {
        const box = await page.locator(`svg#${id}`).boundingBox();
        expect(box!.height, id).to.be.greaterThan(200);
        expect(await page.locator(`svg#${id} path`).count(), id).to.be.greaterThan(1);
      }
      const labels = await page.locator('#trajectory-chart .level-label').allTextContents();
      expect(labels).to.deep.equal(['threshold 5', 'threshold 25', 'capacity 50']);
      expect(complaints).to.deep.equal([]);
    }));

  it('asks for nothing but itself', () =>
    withBrowser(async (context) => {
      const { page, requests, complaints } = await open(context, writeHtml(fullReport()));
      await page.click('#r0 button.copy');
      await page.emulateMedia({ media: 'print' });
      await page.evaluate('dispatchEvent(new Event("beforeprint")); dispatchEvent(new Event("afterprint"))');
      expect(requests.map((url) => new URL(url).protocol)).to.deep.equal(['file:']);
      expect(complaints).to.deep.equal([]);
    }));

  it('lets no hostile text do anything', () =>
    withBrowser(async (context) => {
      for (const [index, text] of HOSTILE_TEXTS.entries()) {
        const { page, complaints, requests } = await open(context, writeHtml(hostileReport(text)));
        const where = `hostile text ${index}`;
        expect(await page.title(), where).to.match(/^kmsspec: /);
        expect(await page.locator(FOREIGN).count(), where).to.equal(0);
        expect(complaints, where).to.deep.equal([]);
        expect(requests, where).to.have.length(1);
        await page.close();
      }
    }));

  for (const width of [1280, 390]) {
    for (const dark of [false, true]) {
      it(`has no serious accessibility violation at ${width} pixels, ${dark ? 'dark' : 'light'}`, () =>
        withBrowser(async (context) => {
          const comparison = writeComparisonHtml(compareReports(manyResults(50), fullReport()));
          for (const html of [writeHtml(fullReport()), comparison]) {
            const { page } = await open(context, html, width);
            await page.evaluate(
              `for (const details of document.querySelectorAll('details')) details.open = true`,
            );
            expect(await violations(page)).to.deep.equal([]);
            const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
            expect(overflow, 'wider than the screen').to.equal(0);
          }
        }, dark));
    }
  }

  it('lays out a part of 10,000 results, so that they open at once, and filters them', () =>
    withBrowser(async (context) => {
      const file = join(folder, 'many.html');
      writeFileSync(file, writeHtml(manyResults(10_000)));
      const { page, cost } = await countedPage(context);
      await page.goto(pathToFileURL(file).href);
      expect((await cost()).boxes).to.be.below(MOST_BOXES);
      for (const [search, shown] of [
        [
          'number 77',
          Array.from({ length: 10_000 }, (_, index) => `${index}`).filter((n) => n.includes('77')).length,
        ],
        ['S3-', 10_000 / 40],
        ['', 10_000],
      ] as const) {
        await page.fill('#search', search);
        await page.locator('#shown', { hasText: new RegExp(`^${shown} of 10000 shown$`) }).waitFor();
        expect((await cost()).boxes, search).to.be.below(MOST_BOXES);
      }
    }));
});

/** The table alone would make 90,000; groups of rows near the window are laid out, however few of them are shown. */
const MOST_BOXES = 20_000;

/** Elements that the writer does not make, where it does not make them. */
const FOREIGN = 'img, iframe, b:not(.tiles b), h1:not(header h1), script:not(body > script)';
