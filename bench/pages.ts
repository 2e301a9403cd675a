import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeHtml } from '../reports/html/report';
import { matrixSite } from '../reports/matrix/site';
import { runHistory } from '../reports/results/run-history';
import { withBrowser } from '../reports/testing/browser';
import { countedPage, PAINTED } from '../reports/testing/page-cost';
import { manyRuns } from '../reports/testing/sample-history';
import { manyResults } from '../reports/testing/sample-report';
import { type BenchReport, type BenchSection, ConsoleReport } from './section';

const RUNS = 100;
const REQUIREMENTS = 130;
const RESULTS = 10_000;
const GOAL_MS = 2000;

export const section: BenchSection = {
  name: 'pages',
  title: 'how soon the largest pages open in Chromium, from disk',
  onlyByName: true,
  run,
};

export async function run(report: BenchReport): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kmsspec-pages-'));
  try {
    const started = performance.now();
    const site = [...matrixSite(runHistory(manyRuns(RUNS, REQUIREMENTS)))];
    report.measured(
      `a site of ${RUNS} runs of ${REQUIREMENTS} requirements: made in`,
      performance.now() - started,
      'ms',
    );
    const pages = site.filter(({ name }) => name.endsWith('.html') && !name.startsWith('run-'));
    pages.push({ name: `a report of ${RESULTS} results`, text: writeHtml(manyResults(RESULTS)) });
    for (const [index, { name, text }] of pages.entries()) {
      const file = join(folder, `${index}.html`);
      writeFileSync(file, text);
      await measure(name.replace(/[0-9a-f]{12}/, 'KEY'), pathToFileURL(file).href, report);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Opens a page in a browser of its own, which was started before. */
const measure = (name: string, href: string, report: BenchReport): Promise<void> =>
  withBrowser(async (context) => {
    const { page, cost } = await countedPage(context);
    await page.setViewportSize({ width: 1280, height: 860 });
    await page.evaluate(PAINTED);
    const before = await cost();
    const started = performance.now();
    await page.goto(href);
    await page.evaluate(PAINTED);
    report.measured(`${name}: opened in`, performance.now() - started, 'ms', { atMost: GOAL_MS });
    const { boxes, cpuMs } = await cost();
    report.measured('    processor time of its main thread', cpuMs - before.cpuMs, 'ms');
    report.measured('    boxes laid out', boxes, '');
  });

if (require.main === module) void run(new ConsoleReport((text) => process.stdout.write(text)));
