import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { writeHtml } from '../html/report';
import { withBrowser } from './browser';
import { fullReport } from './full-report';

const IMAGES = join(__dirname, '..', '..', 'docs', 'images');

/** Takes the pictures of docs/: `node -r ts-node/register reports/testing/screenshots.ts [folder]`. */
async function main(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'kmsspec-report-'));
  const file = join(work, 'report.html');
  writeFileSync(file, writeHtml(fullReport()));
  const open = async (page: Page, width: number, height: number): Promise<void> => {
    await page.setViewportSize({ width, height });
    await page.goto(pathToFileURL(file).href);
  };
  try {
    await withBrowser(async (context) => {
      const page = await context.newPage();
      await open(page, 1280, 860);
      await page.screenshot({ path: join(folder, 'report-summary.png') });
      for (const [selector, name] of [
        ['#r0', 'failure'],
        ['#counts', 'counts'],
        ['#latency', 'latency'],
        ['#coverage', 'coverage'],
        ['#fleet', 'fleet'],
        ['#matrix', 'matrix'],
      ] as const) {
        await page.locator(selector).screenshot({ path: join(folder, `report-${name}.png`) });
      }
      await open(page, 390, 844);
      await page.screenshot({ path: join(folder, 'report-narrow.png') });
    });
    await withBrowser(async (context) => {
      const page = await context.newPage();
      await open(page, 1280, 860);
      await page.screenshot({ path: join(folder, 'report-dark.png') });
    }, true);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (require.main === module) void main(process.argv[2] ?? IMAGES);
