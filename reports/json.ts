import type { Report } from './model';

/** The report as JSON text, `kmsspec.report/1`, ending in a line feed. */
export function writeJson(report: Report): string {
  return `${JSON.stringify(report, null, 1)}\n`;
}
