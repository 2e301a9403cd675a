import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

/** Serious and critical violations that axe finds, with where. The page's policy keeps axe out: it runs beside it. */
export async function violations(page: Page): Promise<string[]> {
  const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(axe);
  const found = await page.evaluate<{
    violations: { id: string; impact: string; nodes: { html: string }[] }[];
  }>('axe.run()');
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.length} times, such as ${nodes[0]!.html.slice(0, 200)}`);
}
