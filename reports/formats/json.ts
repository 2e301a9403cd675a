import { jsonText } from '../escape/json';
import type { Report } from '../results/model';

/** The report as JSON text, `kmsspec.report/1`, ending in a line feed; acting characters are escaped. */
export const writeJson = (report: Report): string => `${jsonText(report, 1)}\n`;
