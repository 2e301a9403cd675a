import type { BrowserContext, Page } from 'playwright-core';

/** What a page costs the one who opens it. */
export interface PageCost {
  /** Boxes that the browser laid out: by these, not by the bytes, opening takes long. */
  readonly boxes: number;
  /** Processor time of the page's main thread so far; other programs on the machine have no part in it. */
  readonly cpuMs: number;
}

/** Resolves in the page when what was asked for so far is on the screen. */
export const PAINTED = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';

/** A page whose cost is counted from now on. */
export async function countedPage(
  context: BrowserContext,
): Promise<{ readonly page: Page; cost: () => Promise<PageCost> }> {
  const page = await context.newPage();
  const devTools = await context.newCDPSession(page);
  await devTools.send('Performance.enable', { timeDomain: 'threadTicks' });
  return {
    page,
    cost: async () => {
      await page.evaluate(PAINTED);
      const { metrics } = await devTools.send('Performance.getMetrics');
      const value = (name: string): number => {
        const metric = metrics.find((each) => each.name === name);
        if (metric === undefined) throw new Error(`this Chromium counts no ${name}`);
        return metric.value;
      };
      return { boxes: value('LayoutObjects'), cpuMs: 1000 * value('TaskDuration') };
    },
  };
}
